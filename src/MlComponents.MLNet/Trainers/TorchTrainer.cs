using MlComponents.MLNet.Interop;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MlComponents.MLNet;

/// <summary>Trains a network on the rows of a data view. Made by <c>Torch(...)</c> of ML.NET's catalogs of trainers.</summary>
/// <remarks>It holds descriptions only: every <see cref="Fit"/> builds a network of its own, and gives the same one for the same rows.</remarks>
public sealed class TorchTrainer : ITrainerEstimator<TorchTransformer, TorchModel>
{
    private readonly IHost host;
    private readonly TorchTask task;
    private readonly NetworkDefinition network;
    private readonly TorchTrainerOptions options;
    private readonly int seed;

    internal TorchTrainer(IHostEnvironment env, TorchTask task, NetworkDefinition network, TorchTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        network.Validate();
        options.Validate();
        if (options is { ValidationSet: not null, ValidationFraction: not null })
            throw new ArgumentException("Give a ValidationSet or a ValidationFraction, not both.", nameof(options));

        host = env.Register(nameof(TorchTrainer));
        this.task = task;
        this.network = network;
        this.options = options;
        seed = options.Seed ?? host.Rand.Next();
    }

    /// <summary>It gains from normalized features, takes a validation set, and needs no cache: it reads its rows once.</summary>
    public TrainerInfo Info { get; } = TrainerShapes.Info();

    /// <summary>The columns after training, before there is data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return TrainerShapes.Output(inputSchema, task, options);
    }

    /// <summary>Trains a fresh network.</summary>
    /// <param name="input">Training rows; they are read once.</param>
    /// <returns>The fitted network, which belongs to the caller and to no dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row can't be learned from, there are no rows, or all have the same class.</exception>
    /// <exception cref="ArgumentException">The rows, the network and the options don't fit together.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before its first step.</exception>
    /// <exception cref="NonFiniteLossException">The loss became NaN or infinite.</exception>
    public TorchTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = host.Start("Training");
        using var progress = host.StartProgressChannel("Training");

        var columns = TrainingColumns.Of(input.Schema, task, options);
        var validationColumns = options.ValidationSet is null ? null : TrainingColumns.Of(options.ValidationSet.Schema, task, options);
        validationColumns?.MustMatch(columns);
        using var rows = TrainingRows.Read(input, columns, options, "training", channel);
        rows.MustHaveSeveralLabels(task, columns);
        using var validation = validationColumns is null ? null : TrainingRows.Read(options.ValidationSet!, validationColumns, options, "validation", channel);

        var outputs = task.OutputsFor(columns.Label.Type);
        using var objective = task.CreateObjective(outputs, options.Loss, options.Metrics);
        if (objective.Outputs != outputs)
            throw new ArgumentException($"The loss needs {objective.Outputs} outputs per row, but the column Score has {outputs}: give it one quantile, or train with a Trainer.");
        (Dataset Train, Dataset? Validate) data = options.ValidationFraction is { } fraction ? Split(rows.Data, fraction, columns) : (rows.Data, validation?.Data);
        var trainer = new Trainer(options with { Seed = seed, Callbacks = [.. options.Callbacks, new ChannelReport(channel, progress, options.MetricsCallback)] });
        var trained = trainer.Fit(network, objective, data.Train, data.Validate);
        return Fitted(trained, columns);
    }

    private (Dataset Training, Dataset Validation) Split(TensorDataset rows, double fraction, TrainingColumns columns)
    {
        var (training, validation) = SplitDataset.Of(rows, fraction, seed);
        TrainingRows.MustHaveSeveralLabels(training, fraction, task, columns);
        return (training, validation);
    }

    private TorchTransformer Fitted(TrainingResult trained, TrainingColumns columns)
    {
        var model = new TorchModel(task, trained.Network, network, trained.Context, () => options)
        {
            History = trained.History, Seed = seed, KeyNames = KeyNames.Of(columns.Label),
        };
        try
        {
            return new TorchTransformer(host, ModelDefinition.Of(model, columns, options), model);
        }
        catch
        {
            trained.Dispose();
            throw;
        }
    }
}
