using Microsoft.ML.Runtime;

namespace MlComponents.MLNet;

/// <summary>Everything that a trainer makes of a data view before it trains: the rows to learn from, those to validate on, and the objective.</summary>
internal sealed class TrainingData : IDisposable
{
    private readonly Stack<IDisposable> owned = new();

    private TrainingData(TrainingColumns columns) => Columns = columns;

    public TrainingColumns Columns { get; }

    public Objective Objective { get; private set; } = null!;

    /// <summary>In memory, or a stream where the rows take more of it than they may.</summary>
    public Dataset Training { get; private set; } = null!;

    /// <summary>The validation set, or the rows held back from training; null for none.</summary>
    public Dataset? Validation { get; private set; }

    /// <summary>Reads the rows and checks them.</summary>
    /// <param name="input">Training rows; they are read once, unless they neither fit into memory nor can be written to a temporary file.</param>
    /// <param name="task">What they are for.</param>
    /// <param name="options">Which columns, and which rows to validate on.</param>
    /// <param name="seed">Draws the rows that are held back.</param>
    /// <param name="channel">Where warnings go.</param>
    public static TrainingData Read(IDataView input, TorchTask task, TorchTrainerOptions options, int seed, IChannel channel)
    {
        var columns = TrainingColumns.Of(input.Schema, task, options);
        var validationColumns = options.ValidationSet is null ? null : TrainingColumns.Of(options.ValidationSet.Schema, task, options);
        validationColumns?.MustMatch(columns);
        var data = new TrainingData(columns);
        try
        {
            var left = data.ReadTraining(new(input, columns, options, "training", channel) { IsTraining = true }, seed);
            if (validationColumns is not null)
                data.ReadValidation(new(options.ValidationSet!, validationColumns, options, "validation", channel), left);
            data.Objective = data.Own(task.CreateObjective(task.OutputsFor(columns.Label.Type), options.Loss, options.Metrics));
            if (data.Objective.Outputs != task.OutputsFor(columns.Label.Type))
                throw new ArgumentException(
                    $"The loss needs {data.Objective.Outputs} outputs per row, but the column Score has {task.OutputsFor(columns.Label.Type)}: give it one quantile, or train with a Trainer.");
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (owned.TryPop(out var each))
            each.Dispose();
    }

    /// <returns>The memory that validation rows may take in bytes: what is left, or a quarter where the training rows are streamed.</returns>
    private long ReadTraining(RowSource source, int seed)
    {
        var (options, memory) = (source.Options, source.Options.MemoryForRows);
        if (TrainingRows.Read(source, memory) is { } rows)
        {
            Own(rows);
            rows.Labels.MustHaveSeveral(Columns);
            (Training, Validation) = options.ValidationFraction is { } fraction ? Split(rows, fraction, options, seed) : (rows.Data, null);
            return memory - source.Bytes(rows.Data.Count);
        }

        var streamed = Own(StreamedRows.Read(source, options.ValidationFraction is { } share ? new(share, seed) : null, options.MixesRows ? seed : null));
        (Training, Validation) = (streamed.Data, streamed.HeldBack);
        return memory / 4;
    }

    private void ReadValidation(RowSource source, long memory) => Validation = TrainingRows.Read(source, memory) is { } rows
        ? Own(rows).Data
        : Own(StreamedRows.Read(source, share: null, seed: null)).Data;

    private (Dataset Training, Dataset Validation) Split(TrainingRows rows, double fraction, TorchTrainerOptions options, int seed)
    {
        var (training, validation) = HeldBackRows.Split(rows, fraction, options, seed);
        if (Columns.Task.NeedsSeveralLabels && HeldBackRows.OnlyLabel(training) is { } only)
            throw LabelTally.Single(Columns, training.Count, only, fraction);
        return (training, validation);
    }

    private T Own<T>(T each) where T : IDisposable
    {
        owned.Push(each);
        return each;
    }
}
