namespace MlComponents;

/// <summary>Describes a callback and builds a fresh one for every run.</summary>
public abstract record CallbackDefinition : ComponentDefinition
{
    /// <summary>Builds the callback; its state lives for one run.</summary>
    public abstract TrainingCallback Create();
}
