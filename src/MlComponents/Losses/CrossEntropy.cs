using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Cross-entropy of class scores: <c>−Σ_c q_c·log softmax(x)_c</c>, where q is the one-hot target, smoothed.</summary>
/// <remarks>
/// With label smoothing ε over C classes, <c>q = (1 − ε)·onehot + ε/C</c> (Szegedy et al., arXiv 1512.00567, section 7); with class weights w
/// the mean divides by the sum of <c>w[target]</c>, as in PyTorch.
/// </remarks>
public sealed record CrossEntropy : LossDefinition
{
    /// <summary>Weight of each class, as many as there are classes, each at least 0. Null, the default: all 1.</summary>
    [ElementRange(0, double.MaxValue)]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Share of the target that is spread over all classes. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>A class index that doesn't count, neither in the loss nor in what the mean divides by. Null, the default: every target counts.</summary>
    public long? IgnoreIndex { get; init; }

    /// <inheritdoc/>
    public override Loss Create(long outputs)
    {
        if (ClassWeights is { } weights && weights.Count != outputs)
            throw new ArgumentException($"CrossEntropy has {weights.Count} class weights, but there are {outputs} classes: give one weight per class, in key order.");
        return new CrossEntropyLoss(this);
    }
}

/// <summary>The live <see cref="CrossEntropy"/>: scores [N, C, ...] float and class indices [N, ...] int64 to a scalar.</summary>
internal sealed class CrossEntropyLoss : Loss
{
    // PyTorch's own default: an index that no class has.
    private const long NoIndex = -100;

    private readonly Tensor? classWeights;
    private readonly double labelSmoothing;
    private readonly long? ignoreIndex;

    public CrossEntropyLoss(CrossEntropy options) : base(nameof(CrossEntropyLoss))
    {
        labelSmoothing = options.LabelSmoothing;
        ignoreIndex = options.IgnoreIndex;
        if (options.ClassWeights is { } weights)
        {
            classWeights = tensor(weights.Select(w => (float)w).ToArray());
            classWeights.DetachFromDisposeScope();
            register_buffer(nameof(classWeights), classWeights, persistent: false);
        }
        RegisterComponents();
    }

    public override Tensor forward(Tensor prediction, Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        if (weight is null && ignoreIndex is null && classWeights is null)
            return CrossEntropyOf(prediction, target, nn.Reduction.Mean).MoveToOuterDisposeScope();   // [], the common case in one kernel

        var each = CrossEntropyOf(prediction, target, nn.Reduction.None);                          // [N, ...]
        var total = weight is null ? each.sum() : (each * PerElement(weight, each)).sum();         // []

        return (total / Normalizer(target, weight).clamp_min(SmallestWeight)).MoveToOuterDisposeScope();
    }

    public override Tensor Normalizer(Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        var w = ones_like(target, ScalarType.Float32);                                             // [N, ...]
        if (classWeights is not null)
            w = classWeights.index_select(0, target.clamp(0, classWeights.shape[0] - 1).flatten()).view(target.shape);
        if (ignoreIndex is { } ignored)
            w = w * target.ne(ignored);
        if (weight is not null)
            w = w * PerElement(weight, w);

        return w.sum().MoveToOuterDisposeScope();                                                  // []
    }

    private Tensor CrossEntropyOf(Tensor prediction, Tensor target, nn.Reduction reduction) =>
        nn.functional.cross_entropy(prediction, target, classWeights?.to(prediction.dtype), ignoreIndex ?? NoIndex, reduction, labelSmoothing);
}
