using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>Labels that are class indices, int64 [N, ...], against scores of C classes, [N, C, ...].</summary>
/// <remarks>
/// A label out of range is an error that names it on a CPU. On CUDA nothing here waits for the device to look: there libtorch's own check ends the process's use
/// of it, or the label counts for no class.
/// </remarks>
internal static class ClassLabels
{
    // No label has it; PyTorch's own default of -100 would silently leave out a label of -100.
    private const long NoIndex = long.MinValue;

    /// <param name="loss">Who takes them.</param>
    /// <param name="scores">[N, C, ...].</param>
    /// <param name="labels">[N, ...].</param>
    /// <param name="remedy">What else the loss can be told to take, e.g. <c> unless ...</c>.</param>
    /// <exception cref="ArgumentException">The labels are no indices, or their shape is another one than that of the scores without the classes.</exception>
    public static void CheckShapes(string loss, Tensor scores, Tensor labels, string remedy = "")
    {
        if (labels.dtype != ScalarType.Int64)
            throw new ArgumentException($"The labels are {labels.dtype}; {loss} takes class indices, Int64{remedy}.", nameof(labels));
        if (scores.dim() < 2 || !labels.shape.SequenceEqual(scores.shape.Where((_, dimension) => dimension != 1)))
            throw new ArgumentException(
                $"The scores have the shape {Shown.Shape(scores.shape)}, but the labels {Shown.Shape(labels.shape)}: {loss} takes scores [N, C, ...] and labels [N, ...].", nameof(labels));
    }

    /// <exception cref="ArgumentException">There are class weights, but not one for each class of the scores.</exception>
    public static void CheckClassWeights(string loss, Tensor scores, Tensor? classWeights)
    {
        if (classWeights is not null && classWeights.shape[0] != scores.shape[1])
            throw new ArgumentException($"The scores have {scores.shape[1]} classes, {Shown.Shape(scores.shape)}, but {loss} has {classWeights.shape[0]} class weights.", nameof(scores));
    }

    /// <exception cref="ArgumentException">On a CPU: a label stands for no class.</exception>
    public static void CheckRange(long classes, Tensor labels, long? ignored)
    {
        if (OutOfRange(classes, labels, ignored) is { } label)
            throw Error(label, classes, ignored);
    }

    /// <summary>PyTorch's cross-entropy, [N, ...] or its mean, []; 0 where the label is ignored.</summary>
    /// <exception cref="ArgumentException">On a CPU: a label stands for no class.</exception>
    public static Tensor CrossEntropy(
        Tensor scores, Tensor labels, long? ignored, nn.Reduction reduction, Tensor? classWeights = null, double smoothing = 0)
    {
        try
        {
            return nn.functional.cross_entropy(scores, labels, classWeights?.to(scores.dtype), ignored ?? NoIndex, reduction, smoothing);
        }
        catch (ExternalException) when (OutOfRange(scores.shape[1], labels, ignored) is { } label)
        {
            throw Error(label, scores.shape[1], ignored);
        }
    }

    /// <summary>The weight of each label's class, and 0 where it is ignored; float64 [N, ...].</summary>
    public static Tensor Weights(Tensor labels, Tensor? classWeights, long? ignored)
    {
        var counts = Loss.Counts(labels, ignored);                                                 // [N, ...]
        return classWeights is null
            ? counts
            : counts * classWeights.index_select(0, labels.clamp(0, classWeights.shape[0] - 1).flatten()).view(labels.shape);   // [N, ...]
    }

    /// <summary>Which class each label stands for; none where it is out of range.</summary>
    /// <returns>Bool [N, C, ...].</returns>
    public static Tensor OneHot(Tensor labels, long classes) =>
        labels.unsqueeze(1).eq(arange(classes, device: labels.device).view([classes, .. Enumerable.Repeat(1L, (int)labels.dim() - 1)]));

    /// <summary>The first label that stands for no class, or null; reading it is possible only while the device still works, so on a CPU.</summary>
    private static long? OutOfRange(long classes, Tensor labels, long? ignored)
    {
        if (labels.device_type != DeviceType.CPU)
            return null;

        using var scope = NewDisposeScope();
        var wrong = labels.masked_select(labels.lt(0).logical_or(labels.ge(classes)).logical_and(labels.ne(ignored ?? NoIndex)));
        return wrong.numel() == 0 ? null : wrong[0].item<long>();
    }

    private static ArgumentException Error(long target, long classes, long? ignored) => new(
        $"The label {target} is out of range: with {classes} classes a label is at least 0 and at most {classes - 1}{(ignored is null ? "" : $", or the ignored {ignored}")}.", nameof(target));
}
