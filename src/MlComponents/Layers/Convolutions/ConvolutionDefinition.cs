using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>A convolution, what normalizes its result and an activation: the options that all kinds of it share.</summary>
/// <remarks>
/// Examples are [C, L], [C, H, W] or [C, D, H, W]; the shape decides whether the convolution has 1, 2 or 3 dimensions. Sizes of a window are lists of one
/// number for all dimensions, <c>[3]</c>, or of one per dimension, <c>[1, 7]</c>. State-dict keys: <c>conv.weight</c>, <c>conv.bias</c>, and those of the
/// normalization after <c>norm.</c>. Weights start as PyTorch's layers do.
/// </remarks>
public abstract record ConvolutionDefinition : LayerDefinition
{
    /// <summary>Whether each output channel has a bias. Null, the default: only where the normalization doesn't replace it.</summary>
    public bool? Bias { get; init; }

    /// <summary>What follows the convolution, before the activation. Default: <see cref="NoNormalization"/>.</summary>
    public NormalizationDefinition Normalization { get; init; } = new NoNormalization();

    /// <summary>Nonlinearity at the end. Null, the default: none.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation? Activation { get; init; }

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape) => new ConvolutionLayer(Plan(inputShape));

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape) => Plan(inputShape).Describe();

    /// <summary>The convolution, the first where there are several, for examples of a shape.</summary>
    /// <exception cref="ArgumentException">There is none; the message says why.</exception>
    private protected ConvolutionPlan Plan(long[] inputShape)
    {
        LayerShapes.Check(GetType().Name, inputShape, fewest: 2);
        return PlanFor(inputShape);
    }

    /// <summary>As <see cref="Plan"/>, for a shape of 1 to 3 dimensions after the channels.</summary>
    private protected abstract ConvolutionPlan PlanFor(long[] inputShape);

    /// <summary>A size for each dimension after the channels.</summary>
    /// <exception cref="ArgumentException">There are neither one nor as many as dimensions.</exception>
    private protected IReadOnlyList<long> PerDimension(string option, IReadOnlyList<int> sizes, long[] inputShape)
    {
        var dimensions = inputShape.Length - 1;
        if (sizes.Count != 1 && sizes.Count != dimensions)
            throw new ArgumentException(
                $"{GetType().Name}.{option} has {sizes.Count} numbers, {Shown.Shape(sizes)}, but examples of the shape {Shown.Shape(inputShape)} have "
                + $"{dimensions} dimension{(dimensions == 1 ? "" : "s")} after the channels: give 1 number{(dimensions == 1 ? "" : $" for all of them or {dimensions}")}.");
        return [.. Enumerable.Range(0, dimensions).Select(d => (long)sizes[sizes.Count == 1 ? 0 : d])];
    }

    private protected static IEnumerable<ValidationResult> CheckGroups(int groups, int channels)
    {
        if (channels % groups != 0)
            yield return new($"Groups is {groups}, into which {channels} output channels don't divide; allowed are {LayerShapes.ShowDivisors(channels)}.");
    }
}
