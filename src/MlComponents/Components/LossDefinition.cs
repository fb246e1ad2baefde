namespace MlComponents;

/// <summary>Describes a loss and builds it.</summary>
public abstract record LossDefinition : ComponentDefinition
{
    /// <summary>Builds the loss.</summary>
    /// <param name="outputs">Numbers per example that the network returns (the classes of a classifier), at least 1.</param>
    /// <exception cref="ArgumentException">The options don't fit that number, e.g. as many class weights as there are no classes.</exception>
    public abstract Loss Create(long outputs);
}
