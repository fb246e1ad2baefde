namespace MlComponents;

/// <summary>
/// Counts how often each class was taken for each class, batch by batch on the device: <c>bincount(label·C + prediction)</c> as [C, C].
/// </summary>
/// <remarks>
/// A row per label and a column per prediction. How outputs and labels are read is said at <see cref="ClassMetricDefinition"/>. It belongs
/// to no dispose scope. Adding a batch doesn't wait for the device, which <c>bincount</c> itself would; reading does.
/// </remarks>
public sealed class ConfusionMatrix : IDisposable
{
    private readonly string subject;
    private readonly ClassReader classes;
    private readonly long? ignoreIndex;

    // int64 and float64, [C·C + 2]: the matrix, then the labels that stand for no class, then the ignored ones.
    private Tensor? counts;
    private Tensor? sums;   // null until a batch has weights

    /// <summary>An empty matrix.</summary>
    /// <param name="outputs">Outputs of the network, at least 1; with one there are two classes.</param>
    /// <param name="ignoreIndex">A label that doesn't count, or null.</param>
    public ConfusionMatrix(long outputs, long? ignoreIndex = null) : this("The confusion matrix", outputs, ignoreIndex) { }

    internal ConfusionMatrix(string subject, long outputs, long? ignoreIndex)
    {
        this.subject = subject;
        this.ignoreIndex = ignoreIndex;
        classes = new(subject, outputs, ignoreIndex);
    }

    /// <summary>Number of classes C.</summary>
    public long Classes => classes.Classes;

    /// <summary>Adds a batch.</summary>
    /// <param name="output">Raw output of the network: scores [N, C, ...], of one output logits [N, ...].</param>
    /// <param name="target">Class indices, int64 [N, ...]; of one output 1 or 0 in any dtype.</param>
    /// <param name="weight">Weight of each example, float [N], or null for all ones.</param>
    /// <exception cref="ArgumentException">The shapes don't fit together.</exception>
    public void Update(Tensor output, Tensor target, Tensor? weight = null)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var (scores, label) = classes.Align(output, target);                                       // [N, C, ...], [N, ...]
        var weights = weight is null && sums is null ? null : MetricInput.Weights(subject, weight, label).flatten();   // [M]
        var cell = label * Classes + classes.Predictions(scores);                                  // [N, ...]
        cell = cell.masked_fill(label.lt(0).logical_or(label.ge(Classes)), Classes * Classes);
        if (classes.Counted(target) is { } counted)
            cell = cell.masked_fill(counted.logical_not(), Classes * Classes + 1);
        cell = cell.flatten();                                                                     // [M]

        counts ??= zeros([Classes * Classes + 2], ScalarType.Int64, cell.device).DetachFromDisposeScope();
        if (weights is not null)
        {
            sums ??= counts.to(ScalarType.Float64).DetachFromDisposeScope();
            sums.scatter_add_(0, cell, weights);
        }
        counts.scatter_add_(0, cell, ones_like(cell));
    }

    /// <summary>
    /// How many elements of each label (row) were taken for each class (column), each counting once whatever its weight. Waits for the
    /// device.
    /// </summary>
    /// <returns>int64 [C, C] on the CPU.</returns>
    /// <exception cref="InvalidDataException">There were labels that stand for no class.</exception>
    public Tensor Counts() => Read(counts, ScalarType.Int64);

    /// <summary>The sums of the elements' weights, see <see cref="Counts"/>.</summary>
    /// <returns>float64 [C, C] on the CPU.</returns>
    /// <exception cref="InvalidDataException">There were labels that stand for no class.</exception>
    public Tensor Sums() => Read(sums ?? counts, ScalarType.Float64);

    /// <summary>Frees the counts.</summary>
    public void Dispose()
    {
        counts?.Dispose();
        sums?.Dispose();
    }

    private Tensor Read(Tensor? cells, ScalarType dtype)
    {
        using var scope = NewDisposeScope();

        if (cells is null)
            return zeros([Classes, Classes], dtype).MoveToOuterDisposeScope();
        if (counts![Classes * Classes].item<long>() is var strays and > 0)
            throw new InvalidDataException(
                $"{subject} was given labels that stand for no class, {strays} of them: with {Classes} classes a label is at least 0 "
                + $"and at most {Classes - 1}{(ignoreIndex is { } ignored ? $", or the ignored {ignored}" : "; IgnoreIndex names one that is to be left out")}.");

        return cells.narrow(0, 0, Classes * Classes).view(Classes, Classes).to(dtype).cpu().clone().MoveToOuterDisposeScope();   // [C, C]
    }
}
