using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Cross-entropy of the hard pixels alone: of those whose class has a probability below a threshold (online hard example mining).</summary>
/// <remarks>
/// <para>
/// A pixel is hard when <c>l = −log p[target] &gt; −log(threshold)</c>. Where fewer than a minimum share of the pixels that count are, the hardest are taken until
/// they are as many, <c>⌊share·count⌋</c>, over the whole batch. After Shrivastava et al., arXiv 1604.03540, in the form that BiSeNet is trained with.
/// </para>
/// <para>
/// Its elements are the pixels of the target, [N, ...]; the mean divides by the weights of those that were taken, and is 0 where none is. Weights say how much a
/// pixel counts once it is taken, not how hard it is, nor how many are taken; a pixel of weight 0 is never taken.
/// </para>
/// </remarks>
public sealed record OhemCrossEntropy : LossDefinition
{
    /// <summary>Probability of its class below which a pixel is hard. Above 0 and below 1; default 0.7.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Threshold { get; init; } = 0.7;

    /// <summary>Share of the pixels that count which is taken at least. At least 0 and at most 1; default 1/16.</summary>
    [Range(0.0, 1.0)]
    public double MinimumKept { get; init; } = 1.0 / 16;

    /// <summary>Weight of each class, as many as there are classes, each at least 0. Null, the default: all 1.</summary>
    [ElementRange(0, double.MaxValue)]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <inheritdoc/>
    public override Loss Create(long outputs)
    {
        CheckClassWeights(ClassWeights, outputs);
        return new OhemCrossEntropyLoss(this);
    }
}

/// <summary>The live <see cref="OhemCrossEntropy"/>: scores [N, C, ...] float and labels [N, ...] int64, each in [0, C) or the ignored one.</summary>
internal sealed class OhemCrossEntropyLoss : Loss
{
    private readonly Tensor? classWeights;   // [C]
    private readonly double threshold;
    private readonly double minimumKept;
    private readonly long? ignoreIndex;

    public OhemCrossEntropyLoss(OhemCrossEntropy options) : base(nameof(OhemCrossEntropyLoss), options.Reduction)
    {
        threshold = -Math.Log(options.Threshold);
        minimumKept = options.MinimumKept;
        ignoreIndex = options.IgnoreIndex;
        classWeights = Constants(nameof(classWeights), options.ClassWeights);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor prediction, Tensor target, Tensor? weight, Reduction reduction)
    {
        using var scope = NewDisposeScope();

        ClassLabels.CheckShapes(nameof(OhemCrossEntropy), prediction, target);
        ClassLabels.CheckClassWeights(nameof(OhemCrossEntropy), prediction, classWeights);
        var l = ClassLabels.CrossEntropy(AtLeastFloat32(prediction), target, ignoreIndex, nn.Reduction.None);   // [N, ...]
        var w = Weights(target, weight);                                                           // [N, ...]
        var taken = w * Taken(l.detach(), w.gt(0));                                                // [N, ...]

        return Reduce(l * taken.to(l.dtype), taken.sum(), reduction).MoveToOuterDisposeScope();
    }

    public override Tensor Normalizer(Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();
        return Weights(target, weight).sum().MoveToOuterDisposeScope();                            // []
    }

    /// <summary>The pixels that are taken. A mask of those in descending order, so that the device needn't be asked how many there are.</summary>
    private Tensor Taken(Tensor l, Tensor counts)
    {
        using var scope = NewDisposeScope();

        var (sorted, order) = l.masked_fill(counts.logical_not(), -1).flatten().sort(descending: true);   // [P], what doesn't count last
        var hard = sorted.gt(threshold).sum();                                                     // []
        var minimum = (counts.sum() * minimumKept).floor();                                        // []
        var first = arange(l.numel(), device: l.device).lt(maximum(hard, minimum));                // [P]

        return zeros_like(first).scatter(0, order, first).view(l.shape).MoveToOuterDisposeScope();   // [N, ...]
    }

    private Tensor Weights(Tensor target, Tensor? weight)
    {
        var w = ClassLabels.Weights(target, classWeights, ignoreIndex);                            // [N, ...]
        return weight is null ? w : w * PerElement(weight, w);                                     // [N, ...]
    }
}
