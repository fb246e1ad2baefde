namespace MlComponents;

/// <summary>Describes a layer or a block of layers, and builds it for examples of a given shape.</summary>
/// <remarks>Shapes are those of one example, without the batch: <c>[C]</c>, <c>[C, L]</c>, <c>[C, H, W]</c> or <c>[C, D, H, W]</c>, channels first.</remarks>
public abstract record LayerDefinition : ComponentDefinition
{
    /// <summary>Builds the layer with freshly initialised weights.</summary>
    /// <param name="inputShape">Shape of one example, without the batch.</param>
    /// <returns>A module from [N, ...inputShape] to [N, ...outputShape], in train mode.</returns>
    /// <exception cref="ArgumentException">The layer can't take such examples; the message says what it can.</exception>
    public abstract nn.Module<Tensor, Tensor> Create(long[] inputShape);

    /// <summary>What the layer makes of examples of a shape and how many weights it has, by arithmetic: nothing is built.</summary>
    /// <param name="inputShape">As for <see cref="Create"/>.</param>
    /// <exception cref="ArgumentException">As for <see cref="Create"/>.</exception>
    public abstract ModuleDescription Describe(long[] inputShape);
}
