namespace MlComponents.Hosting;

/// <summary>A callback of every job, as it was added to the services.</summary>
internal sealed record TrainingCallbackRegistration(Func<TrainingJobContext, CallbackDefinition> Create);
