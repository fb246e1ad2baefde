using Microsoft.ML.Runtime;

namespace MlComponents.MLNet;

/// <summary>Everything that a trainer makes of a data view before it trains: the rows to learn from, those to validate on, and the objective.</summary>
internal sealed class TrainingData : IDisposable
{
    private readonly TrainingRows rows;
    private readonly TrainingRows? validationRows;

    private TrainingData(TrainingColumns columns, TrainingRows rows, TrainingRows? validationRows, Objective objective, (Dataset Training, Dataset? Validation) data)
    {
        Columns = columns;
        this.rows = rows;
        this.validationRows = validationRows;
        Objective = objective;
        (Training, Validation) = data;
    }

    public TrainingColumns Columns { get; }

    public Objective Objective { get; }

    public Dataset Training { get; }

    /// <summary>The validation set, or the rows held back from training; null for none.</summary>
    public Dataset? Validation { get; }

    /// <summary>Reads the rows and checks them.</summary>
    /// <param name="input">Training rows; they are read once.</param>
    /// <param name="task">What they are for.</param>
    /// <param name="options">Which columns, and which rows to validate on.</param>
    /// <param name="seed">Draws the rows that are held back.</param>
    /// <param name="channel">Where the warning about skipped rows goes.</param>
    public static TrainingData Read(IDataView input, TorchTask task, TorchTrainerOptions options, int seed, IChannel channel)
    {
        TrainingRows? rows = null, validation = null;
        Objective? objective = null;
        try
        {
            var columns = TrainingColumns.Of(input.Schema, task, options);
            var validationColumns = options.ValidationSet is null ? null : TrainingColumns.Of(options.ValidationSet.Schema, task, options);
            validationColumns?.MustMatch(columns);
            rows = TrainingRows.Read(input, columns, options, "training", channel);
            rows.MustHaveSeveralLabels(task, columns);
            validation = validationColumns is null ? null : TrainingRows.Read(options.ValidationSet!, validationColumns, options, "validation", channel);

            var outputs = task.OutputsFor(columns.Label.Type);
            objective = task.CreateObjective(outputs, options.Loss, options.Metrics);
            if (objective.Outputs != outputs)
                throw new ArgumentException($"The loss needs {objective.Outputs} outputs per row, but the column Score has {outputs}: give it one quantile, or train with a Trainer.");

            return new(columns, rows, validation, objective, options.ValidationFraction is { } fraction ? Split(rows.Data, fraction, seed, task, columns) : (rows.Data, validation?.Data));
        }
        catch
        {
            objective?.Dispose();
            validation?.Dispose();
            rows?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Objective.Dispose();
        validationRows?.Dispose();
        rows.Dispose();
    }

    private static (Dataset Training, Dataset Validation) Split(TensorDataset rows, double fraction, int seed, TorchTask task, TrainingColumns columns)
    {
        var (training, validation) = HeldBackRows.Split(rows, fraction, seed);
        TrainingRows.MustHaveSeveralLabels(training, fraction, task, columns);
        return (training, validation);
    }
}
