using Microsoft.ML.Runtime;

namespace MlComponents.MLNet;

/// <summary>Rows of a view that a trainer reads.</summary>
/// <param name="View">The view.</param>
/// <param name="Columns">The columns that are read.</param>
/// <param name="Options">What happens to rows that can't be learned from, and whether to go on.</param>
/// <param name="Name">What the rows are for, for messages.</param>
/// <param name="Channel">Where warnings go.</param>
internal sealed record RowSource(IDataView View, TrainingColumns Columns, TorchTrainerOptions Options, string Name, IChannel Channel)
{
    /// <summary>Whether they are there to learn from.</summary>
    public bool IsTraining { get; init; }

    /// <summary>Begins a pass over the rows.</summary>
    /// <param name="order">Draws their order, as far as the view lets it be drawn. Null: the view's own.</param>
    public CheckedRows Read(Random? order = null) => new(this, order);

    /// <summary>The memory that so many rows take in bytes.</summary>
    public long Bytes(long rows) => rows * Columns.RowBytes;

    /// <summary>Says how many rows were left out, and refuses to go on with none.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public void Check(long count, long skipped)
    {
        if (skipped > 0)
            Warn($"{skipped} of {skipped + count} {Name} rows were left out: a label is missing, or a feature, label or weight isn't finite, or a weight is negative{(Columns.Group is null ? "" : ", or a validation group is missing")}.");
        if (count == 0)
            throw new InvalidDataException($"There are no {Name} rows{(skipped > 0 ? $": all {skipped} were left out as invalid" : "")}.");
    }

    public void Warn(FormattableString sentence) => Channel.Warning(MessageSensitivity.None, "{0}", FormattableString.Invariant(sentence));
}
