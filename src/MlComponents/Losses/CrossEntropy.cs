using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Cross-entropy of class scores: <c>−Σ_c q_c·log softmax(x)_c</c>, where q is the target distribution, smoothed.</summary>
/// <remarks>
/// <para>
/// A target is a class index, int64 [N, ...], whose q is one-hot, or the distribution itself, floating point [N, C, ...] like the scores. The elements are the
/// examples, or their pixels: all of [N, ...].
/// </para>
/// <para>
/// With label smoothing ε over C classes, q becomes <c>(1 − ε)·q + ε/C</c> (Szegedy et al., arXiv 1512.00567, section 7). With class weights w each term of
/// the sum counts <c>w_c</c> times. The mean divides by the sum of <c>w[target]</c> for indices, and by the number of elements for distributions, as in PyTorch.
/// With smoothing and class weights, an element of a class of weight 0 still adds its smoothed terms, unless its whole batch has weight 0.
/// </para>
/// </remarks>
public sealed record CrossEntropy : LossDefinition
{
    /// <summary>Weight of each class, as many as there are classes, each at least 0. Null, the default: all 1.</summary>
    [ElementRange(0, double.MaxValue)]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Share of the target that is spread over all classes. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <inheritdoc/>
    public override Loss Create(long outputs)
    {
        CheckClassWeights(ClassWeights, outputs);
        return new CrossEntropyLoss(this);
    }
}

/// <summary>
/// The live <see cref="CrossEntropy"/>: scores [N, C, ...] float, and labels [N, ...] int64, each in [0, C) or the ignored one, or distributions [N, C, ...] float.
/// </summary>
internal sealed class CrossEntropyLoss : AdditiveLoss
{
    private readonly Tensor? classWeights;   // [C]
    private readonly double labelSmoothing;

    public CrossEntropyLoss(CrossEntropy options) : base(nameof(CrossEntropyLoss), options)
    {
        labelSmoothing = options.LabelSmoothing;
        classWeights = Constants(nameof(classWeights), options.ClassWeights);
        RegisterComponents();
    }

    protected override void CheckShapes(Tensor prediction, Tensor target)
    {
        if (!target.is_floating_point())
            ClassLabels.CheckShapes(nameof(MlComponents.CrossEntropy), prediction, target);
        else if (prediction.dim() < 2 || !target.shape.SequenceEqual(prediction.shape))
            throw new ArgumentException(
                $"The scores have the shape {Shown.Shape(prediction.shape)}, but the probabilities {Shown.Shape(target.shape)}: "
                + "CrossEntropy takes both as [N, C, ...], or labels [N, ...] that are Int64.", nameof(target));
        ClassLabels.CheckClassWeights(nameof(MlComponents.CrossEntropy), prediction, classWeights);
    }

    protected override Tensor? FusedMean(Tensor x, Tensor target) =>
        IgnoreIndex is null && classWeights is null ? CrossEntropy(x, target, nn.Reduction.Mean) : null;

    protected override Tensor Elements(Tensor x, Tensor target, Tensor? weight)
    {
        if (!target.is_floating_point() || IgnoreIndex is null)
            return CrossEntropy(x, target, nn.Reduction.None);                                     // [N, ...]

        var ignored = Ignored(target);                                                             // [N, ...]
        return CrossEntropy(x, target.masked_fill(ignored.unsqueeze(1), 0), nn.Reduction.None).masked_fill(ignored, 0);   // [N, ...]
    }

    protected override Tensor Weights(Tensor target)
    {
        if (!target.is_floating_point())
            return ClassLabels.Weights(target, classWeights, IgnoreIndex);
        return IgnoreIndex is null ? AllCount([target.shape[0], .. target.shape[2..]], target.device) : Ignored(target).logical_not().to(ScalarType.Float64);
    }

    private Tensor CrossEntropy(Tensor x, Tensor target, nn.Reduction reduction) => target.is_floating_point()
        ? nn.functional.cross_entropy(x, target.to(x.dtype), classWeights?.to(x.dtype), reduction: reduction, label_smoothing: labelSmoothing)
        : ClassLabels.CrossEntropy(x, target, IgnoreIndex, reduction, classWeights, labelSmoothing);

    /// <summary>Which distributions, [N, C, ...], consist of the ignored number; [N, ...].</summary>
    private Tensor Ignored(Tensor distributions) => distributions.eq(IgnoreIndex!.Value).all(dim: 1);
}
