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
    private readonly int drawnSeed;

    internal TorchTrainer(IHostEnvironment env, TorchTask task, NetworkDefinition network, TorchTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        network.Validate();
        options.Validate();
        if (options.StratifyValidation && !task.NeedsSeveralLabels)
            throw new ArgumentException($"StratifyValidation keeps the shares of classes, but the labels of a {task.Name} are numbers: leave it out, or use ValidationGroupColumnName.", nameof(options));

        host = env.Register(nameof(TorchTrainer));
        this.task = task;
        this.network = network;
        this.options = options;
        drawnSeed = options.Seed ?? host.Rand.Next();
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
    /// <exception cref="InvalidDataException">A row can't be read or learned from, there are no rows, or all have the same class.</exception>
    /// <exception cref="ArgumentException">The rows, the network and the options don't fit together.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before its first step.</exception>
    /// <exception cref="NonFiniteLossException">The loss became NaN or infinite.</exception>
    public TorchTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = host.Start("Training");
        using var progress = host.StartProgressChannel("Training");

        var seed = options.FindSeed() ?? drawnSeed;
        using var data = TrainingData.Read(input, task, options, seed, channel);
        var trainer = new Trainer(options with { Seed = seed, Callbacks = [.. options.Callbacks, new ChannelReport(channel, progress, options.MetricsCallback)] });
        var trained = trainer.Fit(network, data.Objective, data.Training, data.Validation);
        return Fitted(trained, data.Columns);
    }

    /// <summary>Finds a learning rate for these options, by a short run on a network of its own.</summary>
    /// <param name="input">Training rows; they are read once, and those of a validation fraction are left out.</param>
    /// <param name="finder">How to search. Null: all defaults.</param>
    /// <returns>The losses by learning rate, and the rate that they suggest.</returns>
    /// <inheritdoc cref="Fit" path="/exception"/>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateFinder? finder = null) =>
        Search(input, data => (finder ?? new()).Find(options with { Seed = drawnSeed }, network, data.Objective, data.Training));

    /// <summary>Finds a batch size for these options, by a few steps with each of some sizes, on networks of their own.</summary>
    /// <param name="input">Training rows; they are read once, and those of a validation fraction are left out.</param>
    /// <param name="finder">How to search. Null: all defaults.</param>
    /// <returns>Speed and memory by batch size, and the size that they suggest.</returns>
    /// <exception cref="InvalidOperationException">The smallest batch doesn't fit into the device's memory.</exception>
    /// <inheritdoc cref="Fit" path="/exception"/>
    public BatchSizeTrials FindBatchSize(IDataView input, BatchSizeFinder? finder = null) =>
        Search(input, data => (finder ?? new()).Find(options with { Seed = drawnSeed }, network, data.Objective, data.Training));

    private T Search<T>(IDataView input, Func<TrainingData, T> find)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = host.Start("Searching");
        using var data = TrainingData.Read(input, task, options with { ValidationSet = null }, drawnSeed, channel);
        return find(data);
    }

    private TorchTransformer Fitted(TrainingResult trained, TrainingColumns columns)
    {
        var model = new TorchModel(task, trained.Network, network, trained.Context, () => options)
        {
            History = trained.History, Seed = trained.Seed, KeyNames = KeyNames.Of(columns.Label),
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
