namespace MlComponents.Benchmarks.Training;

/// <summary>A whole <see cref="Trainer.Fit(NetworkDefinition, Objective, Dataset, Dataset?)"/>, measured from before its first step to after its last.</summary>
internal sealed class TrainerBlock : IDisposable
{
    private readonly Trainer trainer;
    private readonly NetworkDefinition network;
    private readonly Dataset data;
    private readonly List<string> folders;
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
        folders = [.. options.Callbacks.OfType<TensorBoard>().Select(board => board.Folder)];
        if (options.Checkpoints is { } checkpoints)
            folders.Add(checkpoints.Folder);
        var watch = new LambdaCallback { OnTrainStart = _ => started = Clock.Start(), OnTrainEnd = e => measured = started.Stop(e.Run.Step) };
        trainer = new Trainer(options with { Seed = 1, Device = "cpu", Callbacks = [.. options.Callbacks, watch] });
    }

    /// <summary>Loss of the last run's last epoch.</summary>
    public double Loss { get; private set; }

    public Measurement Run()
    {
        DeleteFolders();
        using var result = trainer.Fit(network, Objective.Multiclass(GeneratedDigits.Classes), data);
        Loss = result.History[^1].Metrics[MetricNames.TrainLoss];
        return measured;
    }

    public void Dispose()
    {
        (data as IDisposable)?.Dispose();
        DeleteFolders();
    }

    private void DeleteFolders()
    {
        foreach (var folder in folders.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
    }
}
