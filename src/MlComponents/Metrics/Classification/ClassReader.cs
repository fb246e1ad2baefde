namespace MlComponents;

/// <summary>Reads batches as metrics of classes see them, see <see cref="ClassMetricDefinition"/>.</summary>
/// <param name="subject">Who reads them, e.g. <c>The metric 'accuracy'</c>.</param>
/// <param name="outputs">Outputs of the network.</param>
/// <param name="ignoreIndex">The label that doesn't count, or null.</param>
internal sealed class ClassReader(string subject, long outputs, long? ignoreIndex)
{
    /// <summary>Number of classes.</summary>
    public long Classes { get; } = ClassesOf(outputs);

    /// <summary>Number of classes that a network tells apart: as many as it has outputs, and two with one.</summary>
    public static long ClassesOf(long outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        return outputs == 1 ? 2 : outputs;
    }

    /// <summary>Checks a batch and reads its labels.</summary>
    /// <returns>Scores [N, C, ...], of one output logits [N, ...]; labels, int64 [N, ...].</returns>
    /// <exception cref="ArgumentException">The shapes don't fit together.</exception>
    public (Tensor Scores, Tensor Label) Align(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (outputs == 1)
            return (MetricInput.Numbers(subject, output, target), target.gt(0.5).to(ScalarType.Int64));

        if (output.dim() < 2 || output.shape[1] != outputs)
            throw MetricInput.Mismatch(subject, output, target, $"it takes {outputs} scores per label, [N, {outputs}, ...]");
        if (IsSoft(target) && target.shape.SequenceEqual(output.shape))
            return (output, target.argmax(1));
        if (target.dtype != ScalarType.Int64 || !target.shape.SequenceEqual(output.shape.Where((_, dimension) => dimension != 1)))
            throw MetricInput.Mismatch(subject, output, target,
                $"labels are class indices, Int64 [N, ...] for scores [N, {outputs}, ...], or soft targets in the scores' shape, but these are {target.dtype}");
        return (output, target);
    }

    /// <summary>The predicted classes, int64 [N, ...].</summary>
    /// <param name="scores">As from <see cref="Align"/>.</param>
    public Tensor Predictions(Tensor scores) => outputs == 1 ? scores.gt(0).to(ScalarType.Int64) : scores.argmax(1);

    /// <summary>Which labels count, bool [N, ...], or null where all do.</summary>
    public Tensor? Counted(Tensor target)
    {
        if (ignoreIndex is not { } ignored)
            return null;
        return outputs > 1 && IsSoft(target) ? target.ne(ignored).any(1) : target.ne(ignored);
    }

    /// <summary>The weight of each element, float64 [N, ...]: that of its example, or 0 where its label doesn't count.</summary>
    /// <exception cref="ArgumentException">There isn't one weight per example.</exception>
    public Tensor Weights(Tensor? weight, Tensor target, Tensor label)
    {
        var weights = MetricInput.Weights(subject, weight, label);
        return Counted(target) is { } counted ? weights * counted : weights;
    }

    private static bool IsSoft(Tensor target) => target.is_floating_point();
}
