using Microsoft.ML.Runtime;
using static System.FormattableString;

namespace MlComponents.MLNet;

/// <summary>Training rows as contiguous tensors, read from a data view in one pass and checked on the way.</summary>
internal sealed class TrainingRows : IDisposable
{
    private readonly double firstLabel;
    private readonly bool hasSeveralLabels;

    private TrainingRows(TensorDataset data, double firstLabel, bool hasSeveralLabels)
    {
        Data = data;
        this.firstLabel = firstLabel;
        this.hasSeveralLabels = hasSeveralLabels;
    }

    /// <summary>Features [N, ...dimensions], labels [N], and weights [N] where there are some.</summary>
    public TensorDataset Data { get; }

    /// <summary>Reads all rows.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="options">What happens to rows that can't be learned from, and whether to go on.</param>
    /// <param name="name">What the rows are for, for messages.</param>
    /// <param name="channel">Where the warning about skipped rows goes.</param>
    /// <exception cref="InvalidDataException">A row can't be learned from, or there are none.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static TrainingRows Read(IDataView view, TrainingColumns columns, TorchTrainerOptions options, string name, IChannel channel)
    {
        using var scope = NewDisposeScope();
        using var cursor = view.GetRowCursor(columns.All);
        var reader = new RowReader(cursor, columns);
        var rows = new RowCollector(columns, view.GetRowCount());

        var skipped = 0L;
        for (var row = 0L; cursor.MoveNext(); row++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            var problem = reader.Read(rows.Next());
            if (problem is null)
                rows.Add(reader.Label, reader.Weight);
            else if (options.InvalidRows == InvalidRows.Skip)
                skipped++;
            else
                throw new InvalidDataException($"Row {row} of the {name} rows, counted from 0, can't be learned from: {problem}. "
                    + "Correct or filter such rows, or set InvalidRows = InvalidRows.Skip.");
        }

        if (skipped > 0)
            channel.Warning(MessageSensitivity.None, $"{skipped} of {skipped + rows.Count} {name} rows were left out: "
                + "a label is missing, or a feature, label or weight isn't finite, or a weight is negative.");
        if (rows.Count == 0)
            throw new InvalidDataException($"There are no {name} rows{(skipped > 0 ? $": all {skipped} were left out as invalid" : "")}.");
        return new(rows.ToDataset(), rows.FirstLabel, rows.HasSeveralLabels);
    }

    /// <exception cref="InvalidDataException">The task is to tell classes apart, and there is only one.</exception>
    public void MustHaveSeveralLabels(TorchTask task, TrainingColumns columns)
    {
        if (task.NeedsSeveralLabels && !hasSeveralLabels)
            throw new InvalidDataException(
                $"All {Data.Count} training rows have the same label, {Shown(columns.Label, firstLabel)}, in the column '{columns.Label.Name}': "
                + "at least two classes are needed to tell them apart.");
    }

    /// <summary>Checks those that a validation fraction leaves to learn from.</summary>
    /// <exception cref="InvalidDataException">The task is to tell classes apart, and only one of them is left.</exception>
    public static void MustHaveSeveralLabels(MapDataset training, double fraction, TorchTask task, TrainingColumns columns)
    {
        if (task.NeedsSeveralLabels && HeldBackRows.OnlyLabel(training) is { } only)
            throw new InvalidDataException(Invariant(
                $"ValidationFraction is {fraction}, which leaves {training.Count} training rows, all with the same label, {Shown(columns.Label, only)}, in the column ")
                + $"'{columns.Label.Name}': use a smaller fraction, another seed, or a ValidationSet, so that at least two classes are left to tell apart.");
    }

    public void Dispose() => Data.Dispose();

    private static string Shown(DataViewSchema.Column label, double value)
    {
        if (label.Type is BooleanDataViewType)
            return value == 1 ? "true" : "false";
        var names = KeyNames.Of(label)?.Texts;
        return names is null ? Invariant($"key {value + 1}") : $"'{names[(int)value]}'";
    }
}
