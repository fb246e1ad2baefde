namespace MlComponents.Benchmarks.Training;

/// <summary>A whole <see cref="Trainer.Fit(NetworkDefinition, Objective, Dataset, Dataset?)"/>, measured from before its first step to after its last.</summary>
internal sealed class TrainerBlock : IDisposable
{
    private readonly Trainer trainer;
    private readonly NetworkDefinition network;
    private readonly Dataset data;
    private readonly string? checkpoints;
    private Clock started;
    private Measurement measured;

    public TrainerBlock(NetworkDefinition network, GeneratedDigits digits, TrainerOptions options)
        : this(network, new TensorDataset(digits.Features.clone(), digits.Labels.clone()), options) { }

    /// <param name="network">What learns.</param>
    /// <param name="data">The rows, of as many classes as <see cref="GeneratedDigits"/>; they are freed at the end.</param>
    /// <param name="options">How.</param>
    public TrainerBlock(NetworkDefinition network, Dataset data, TrainerOptions options)
    {
        this.network = network;
        this.data = data;
        checkpoints = options.Checkpoints?.Folder;
        var watch = new LambdaCallback { OnTrainStart = _ => started = Clock.Start(), OnTrainEnd = e => measured = started.Stop(e.Run.Step) };
        trainer = new Trainer(options with { Seed = 1, Device = "cpu", Callbacks = [watch] });
    }

    /// <summary>Loss of the last run's last epoch.</summary>
    public double Loss { get; private set; }

    public Measurement Run()
    {
        DeleteCheckpoints();
        using var result = trainer.Fit(network, Objective.Multiclass(GeneratedDigits.Classes), data);
        Loss = result.History[^1].Metrics[MetricNames.TrainLoss];
        return measured;
    }

    public void Dispose()
    {
        (data as IDisposable)?.Dispose();
        DeleteCheckpoints();
    }

    private void DeleteCheckpoints()
    {
        if (Directory.Exists(checkpoints))
            Directory.Delete(checkpoints, recursive: true);
    }
}
