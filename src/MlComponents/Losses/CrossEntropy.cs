using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>Cross-entropy of class scores: <c>−Σ_c q_c·log softmax(x)_c</c>, where q is the one-hot target, smoothed.</summary>
/// <remarks>
/// With label smoothing ε over C classes, <c>q = (1 − ε)·onehot + ε/C</c> (Szegedy et al., arXiv 1512.00567, section 7). With class weights w
/// each term of the sum counts <c>w_c</c> times and the mean divides by the sum of <c>w[target]</c>, as in PyTorch. With both, an example of a
/// class of weight 0 still adds its smoothed terms, unless its whole batch has weight 0.
/// </remarks>
public sealed record CrossEntropy : LossDefinition
{
    /// <summary>Weight of each class, as many as there are classes, each at least 0. Null, the default: all 1.</summary>
    [ElementRange(0, double.MaxValue)]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Share of the target that is spread over all classes. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>A label that doesn't count, neither in the loss nor in what the mean divides by. Null, the default: every label counts.</summary>
    public long? IgnoreIndex { get; init; }

    /// <inheritdoc/>
    public override Loss Create(long outputs)
    {
        if (ClassWeights is { } weights && weights.Count != outputs)
            throw new ArgumentException($"CrossEntropy has {weights.Count} class weights, but there are {outputs} classes: give one weight per class, in key order.");
        return new CrossEntropyLoss(this);
    }
}

/// <summary>
/// The live <see cref="CrossEntropy"/>: scores [N, C, ...] float and labels [N, ...] int64, each in [0, C) or the ignored one, to a scalar.
/// </summary>
/// <remarks>A label out of range is an <see cref="ArgumentException"/> on a CPU; on CUDA it ends the process's use of the device.</remarks>
internal sealed class CrossEntropyLoss : Loss
{
    // No label has it; PyTorch's own default of -100 would silently leave out a label of -100.
    private const long NoIndex = long.MinValue;

    private readonly Tensor? classWeights;
    private readonly double labelSmoothing;
    private readonly long? ignoreIndex;

    public CrossEntropyLoss(CrossEntropy options) : base(nameof(CrossEntropyLoss))
    {
        labelSmoothing = options.LabelSmoothing;
        ignoreIndex = options.IgnoreIndex;
        if (options.ClassWeights is { } weights)
        {
            classWeights = tensor(weights.ToArray(), ScalarType.Float64).DetachFromDisposeScope();   // [C]
            register_buffer(nameof(classWeights), classWeights);   // TorchSharp leaves one that isn't persistent on its old device
        }
        RegisterComponents();
    }

    public override Tensor forward(Tensor prediction, Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        CheckShapes(prediction, target);
        var x = AtLeastFloat32(prediction);
        if (weight is null && ignoreIndex is null && classWeights is null && target.numel() > 0)
            return CrossEntropyOf(x, target, nn.Reduction.Mean).MoveToOuterDisposeScope();   // [], the common case in one kernel

        var each = CrossEntropyOf(x, target, nn.Reduction.None);                          // [N, ...]
        var sum = weight is null ? each.sum() : (each * PerElement(weight, each)).sum();           // []

        return Mean(sum, Normalizer(target, weight)).MoveToOuterDisposeScope();
    }

    public override Tensor Normalizer(Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        var w = classWeights is null
            ? ones_like(target, ScalarType.Float64)
            : classWeights.index_select(0, target.clamp(0, classWeights.shape[0] - 1).flatten()).view(target.shape);   // [N, ...]
        if (ignoreIndex is { } ignored)
            w = w * target.ne(ignored);
        if (weight is not null)
            w = w * PerElement(weight, w);

        return w.sum().MoveToOuterDisposeScope();                                                  // []
    }

    private Tensor CrossEntropyOf(Tensor prediction, Tensor target, nn.Reduction reduction)
    {
        try
        {
            return nn.functional.cross_entropy(prediction, target, classWeights?.to(prediction.dtype), ignoreIndex ?? NoIndex, reduction, labelSmoothing);
        }
        catch (ExternalException) when (LabelOutOfRange(prediction.shape[1], target) is { } label)
        {
            throw new ArgumentException(
                $"The label {label} is out of range: with {prediction.shape[1]} classes a label is at least 0 and at most {prediction.shape[1] - 1}"
                + $"{(ignoreIndex is { } ignored ? $", or the ignored {ignored}" : "")}.", nameof(target));
        }
    }

    /// <summary>The first label that stands for no class, or null; reading it is possible only while the device still works, so on a CPU.</summary>
    private long? LabelOutOfRange(long classes, Tensor target)
    {
        if (target.device_type != DeviceType.CPU)
            return null;

        using var scope = NewDisposeScope();
        var wrong = target.masked_select(target.lt(0).logical_or(target.ge(classes)).logical_and(target.ne(ignoreIndex ?? NoIndex)));
        return wrong.numel() == 0 ? null : wrong[0].item<long>();
    }

    private void CheckShapes(Tensor prediction, Tensor target)
    {
        if (target.dtype != ScalarType.Int64)
            throw new ArgumentException($"The labels are {target.dtype}; CrossEntropy takes class indices, Int64.", nameof(target));
        if (prediction.dim() < 2 || !target.shape.SequenceEqual(prediction.shape.Where((_, dimension) => dimension != 1)))
            throw new ArgumentException(
                $"The scores have the shape {Show(prediction)}, but the labels {Show(target)}: CrossEntropy takes scores [N, C, ...] and labels [N, ...].", nameof(target));
        if (classWeights is not null && classWeights.shape[0] != prediction.shape[1])
            throw new ArgumentException($"The scores have {prediction.shape[1]} classes, {Show(prediction)}, but CrossEntropy has {classWeights.shape[0]} class weights.", nameof(prediction));
    }
}
