namespace MlComponents.MLNet;

/// <summary>A trained network, what it was made of and how it came about.</summary>
public sealed class TorchModel
{
    private readonly Func<TorchTrainerOptions> options;

    internal TorchModel(TorchTask task, nn.Module network, NetworkDefinition definition, NetworkContext context, Func<TorchTrainerOptions> options)
    {
        Task = task;
        Network = network;
        Definition = definition;
        Context = context;
        this.options = options;
    }

    /// <summary>
    /// The network, in eval mode. It is shared by all that score with it: don't change it. It lives until the transformer is disposed, and longer than a
    /// transformer that was only forgotten.
    /// </summary>
    public nn.Module Network { get; }

    /// <summary>What built the network.</summary>
    public NetworkDefinition Definition { get; }

    /// <summary>What the network was built for: the shape of one example, the number of outputs, the device.</summary>
    public NetworkContext Context { get; }

    /// <summary>How it was trained.</summary>
    /// <remarks>
    /// A file has no functions, data sets and tokens, and no component that wasn't registered when it was saved; saving warns of such an optimizer, schedule or loss. In a model from a
    /// file such a property has its default, which is not what the model was trained with: <see cref="AdamW"/> for another optimizer, <see cref="Constant"/>
    /// for another schedule, the task's own loss for another one, and the callbacks and metrics without those that were left out.
    /// </remarks>
    /// <exception cref="ComponentException">A component isn't registered here; scoring doesn't need it.</exception>
    public TorchTrainerOptions Options => options();

    /// <summary>One row per epoch of the training, and why it ended early if it did.</summary>
    public required History History { get; init; }

    /// <summary>The seed that was used, given or drawn.</summary>
    public required int Seed { get; init; }

    /// <summary>The classes in the order of the scores, as text; none where keys stand for no values and where there are no classes.</summary>
    public IReadOnlyList<string> LabelNames => KeyNames?.Texts ?? [];

    internal TorchTask Task { get; }

    internal KeyNames? KeyNames { get; init; }
}
