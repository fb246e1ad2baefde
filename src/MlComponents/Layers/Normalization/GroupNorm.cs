using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// Group normalization: <c>y = γ·(x − μ)/√(σ² + ε) + β</c> with the mean and variance of each group of channels of each example, over its positions.
/// </summary>
/// <remarks>
/// After Wu and He (arXiv 1803.08494). Nothing depends on the batch: train and eval mode are the same. A group needs at least two values.
/// State-dict keys: <c>weight</c>, <c>bias</c>.
/// </remarks>
public sealed record GroupNorm : NormalizationDefinition
{
    /// <summary>Groups of as many channels each; the channels must divide into them. At least 1; default 32.</summary>
    [Range(1, int.MaxValue)]
    public int Groups { get; init; } = 32;

    /// <summary>Added to the variance. Above 0 and at most 1; default 1e-5.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether each channel has a trainable scale γ and shift β. Default: true.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override bool ReplacesBias => Affine;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long channels, int dimensions)
    {
        CheckChannels(channels, dimensions);
        CheckGroups(channels);
        return new GroupNormLayer(this, channels, dimensions);
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels)
    {
        CheckGroups(channels);
        return (Affine ? 2 * channels : 0, 0);
    }

    private protected override void CheckShape(long[] inputShape)
    {
        base.CheckShape(inputShape);
        CheckValues(Groups, LayerShapes.Size(inputShape), inputShape);
    }

    /// <exception cref="ArgumentException">An example has one value per group, which would always become the shift.</exception>
    internal static void CheckValues(long groups, long values, IEnumerable<long> shape)
    {
        if (values == groups)
            throw new ArgumentException(
                $"GroupNorm with {groups} groups can't normalize {Shown.Shape(shape)}, where each group is a single value: use fewer groups.");
    }

    private void CheckGroups(long channels)
    {
        if (channels % Groups != 0)
            throw new ArgumentException(
                $"GroupNorm.Groups is {Groups}, into which {channels} channels don't divide; allowed are {LayerShapes.ShowDivisors(channels)}.");
    }
}

/// <summary>The live <see cref="GroupNorm"/>: [N, C, ...] or, with the channels last, [N, ..., C], to the same shape.</summary>
internal sealed class GroupNormLayer : NormalizationLayer
{
    private readonly Parameter? weight;   // γ, [C]
    private readonly Parameter? bias;     // β, [C]
    private readonly int groups;
    private readonly double epsilon;

    public GroupNormLayer(GroupNorm options, long channels, int dimensions) : base(nameof(GroupNorm), channels, dimensions, axis: 1)
    {
        groups = options.Groups;
        epsilon = options.Epsilon;
        if (options.Affine)
        {
            weight = Weights.Of(ones(channels));
            bias = Weights.Of(zeros(channels));
        }
        RegisterComponents();
    }

    protected override void Check(Tensor x)
    {
        base.Check(x);
        GroupNorm.CheckValues(groups, LayerShapes.Size(x.shape[1..]), x.shape);
    }

    protected override Tensor Normalize(Tensor x) => nn.functional.group_norm(x, groups, weight, bias, epsilon);   // [N, C, ...]
}
