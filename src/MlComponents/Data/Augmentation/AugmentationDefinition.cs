namespace MlComponents;

/// <summary>Describes a random change of training examples, and builds it.</summary>
public abstract record AugmentationDefinition : ComponentDefinition
{
    /// <summary>Builds the augmentation.</summary>
    /// <param name="shapes">Shape of one example of each tensor, without the batch dimension, the features' as the network sees them.</param>
    /// <exception cref="ArgumentException">It can't change examples of such shapes.</exception>
    public abstract Augmentation Create(IReadOnlyDictionary<string, long[]> shapes);

    /// <summary>Whether it mixes examples, and so gives each a second label.</summary>
    internal virtual bool IsMixing => false;
}
