namespace MlComponents;

/// <summary>Describes a random change of training examples, and builds it.</summary>
public abstract record AugmentationDefinition : ComponentDefinition
{
    /// <summary>Builds the augmentation.</summary>
    public abstract Augmentation Create();
}
