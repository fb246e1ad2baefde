namespace MlComponents.Hosting;

/// <summary>A job under its name, as it was added to the services.</summary>
internal sealed record TrainingJobRegistration(string Name, Func<IServiceProvider, TrainingJob> Create);
