namespace MlComponents;

/// <summary>
/// Counts what <see cref="PrecisionRecallCurve"/> needs of each class, batch by batch on the device, for T thresholds k/(T − 1) of the probability: 2·C·(T + 1) numbers, however
/// many rows there are.
/// </summary>
/// <remarks>
/// The probability is the softmax of a network's scores, or the sigmoid of its one logit; how outputs and labels are read is said at <see cref="ClassMetricDefinition"/>. A NaN
/// reaches no threshold, and a label that stands for no class is negative for all. It belongs to no dispose scope. Adding a batch doesn't wait for the device; reading does.
/// </remarks>
public sealed class PrecisionRecallBins : IDisposable
{
    private const string Subject = "The precision/recall curve";

    private readonly long outputs;
    private readonly ClassReader classes;
    private readonly ThresholdCounts counts;

    /// <summary>No rows yet.</summary>
    /// <param name="outputs">Outputs of the network, at least 1; with one there are two classes.</param>
    /// <param name="thresholds">Number of thresholds T from 0 to 1, at least 2; default 127.</param>
    /// <param name="ignoreIndex">A label that doesn't count, or null.</param>
    public PrecisionRecallBins(long outputs, int thresholds = 127, long? ignoreIndex = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(thresholds, 2);
        this.outputs = outputs;
        classes = new(Subject, outputs, ignoreIndex);
        counts = new(thresholds);
    }

    /// <summary>Number of classes C.</summary>
    public long Classes => classes.Classes;

    /// <summary>The thresholds, rising from 0 to 1.</summary>
    public IReadOnlyList<double> Thresholds => counts.Thresholds;

    /// <summary>Adds a batch.</summary>
    /// <param name="output">Raw output of the network: scores [N, C, ...], of one output logits [N, ...] or [N, 1, ...].</param>
    /// <param name="target">Class indices, int64 [N, ...]; of one output 1 or 0 in any dtype.</param>
    /// <param name="weight">Weight of each example, float [N], or null for all ones.</param>
    /// <exception cref="ArgumentException">The shapes don't fit together.</exception>
    public void Update(Tensor output, Tensor target, Tensor? weight = null)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var (scores, label) = classes.Align(output, target);                                       // [N, C, ...], [N, ...]
        var x = scores.to(ScalarType.Float64);
        var probabilities = outputs == 1 ? stack([-x, x], 1).sigmoid() : x.softmax(1);             // [N, C, ...]
        probabilities = probabilities.movedim([1], [-1]).reshape(-1, Classes);                     // [M, C]
        var isPositive = label.reshape(-1, 1).eq(arange(Classes, device: x.device));               // [M, C]

        counts.Add(probabilities, isPositive, classes.Weights(weight, target, label).flatten());
    }

    /// <summary>The curve of a class against the rest. Waits for the device.</summary>
    /// <param name="index">Number of the class, at least 0 and below <see cref="Classes"/>; of two classes 1 is the positive one.</param>
    /// <returns>A point per threshold, and the end of the curve.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public PrecisionRecallCurve Curve(long index)
    {
        if (index < 0 || index >= Classes)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Classes} classes: give a class from 0 to {Classes - 1}.");

        return counts.Curve(index);
    }

    /// <summary>Frees the counts.</summary>
    public void Dispose() => counts.Dispose();
}
