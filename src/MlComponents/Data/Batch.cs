namespace MlComponents;

/// <summary>Some examples as named tensors, each with the batch as its first dimension.</summary>
/// <remarks>It owns its tensors, which belong to no dispose scope; it is valid for one step.</remarks>
public sealed class Batch : IDisposable
{
    /// <summary>Name of the network's input: float32, [N, ...].</summary>
    public const string FeaturesName = "features";

    /// <summary>Name of the target: class indices int64 [N], or numbers float32 [N].</summary>
    public const string LabelName = "label";

    /// <summary>Name of the examples' weights: float32 [N].</summary>
    public const string WeightName = "weight";

    private readonly Dictionary<string, Tensor> tensors;

    /// <summary>Takes over tensors of equal first dimension.</summary>
    /// <exception cref="ArgumentException">There are none, or their first dimensions differ.</exception>
    public Batch(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        this.tensors = new(tensors);
        if (this.tensors.Count == 0)
            throw new ArgumentException("A batch needs at least one tensor.", nameof(tensors));

        Count = this.tensors.Values.First().shape[0];
        foreach (var (name, tensor) in this.tensors)
        {
            if (tensor.shape[0] != Count)
                throw new ArgumentException($"The tensor '{name}' has {tensor.shape[0]} rows, but the others have {Count}.", nameof(tensors));
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>Number of examples N.</summary>
    public long Count { get; }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Tensor this[string name] => tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"The batch has no tensor '{name}'; it has {string.Join(", ", tensors.Keys)}.");

    /// <summary>The network's input, [N, ...].</summary>
    public Tensor Features => this[FeaturesName];

    /// <summary>The target, [N] or [N, ...].</summary>
    public Tensor Label => this[LabelName];

    /// <summary>Weight of each example, [N], or null when all weigh the same.</summary>
    public Tensor? Weight => tensors.GetValueOrDefault(WeightName);

    /// <summary>The same examples on another device; the batch itself when it is there already.</summary>
    public Batch To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.type == DeviceType.CPU)
            return this;

        using var source = this;
        return new Batch(tensors.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.to(device, non_blocking: true))));
    }

    /// <summary>Some of the examples in a row, as a batch that shares the memory of this one.</summary>
    internal Batch Rows(long start, long count)
    {
        using var scope = NewDisposeScope();
        return new Batch(tensors.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.narrow(0, start, count))));
    }

    /// <summary>The same batch with each example's features in another shape of as many numbers; null leaves them.</summary>
    internal Batch ViewFeatures(IReadOnlyList<long>? shape)
    {
        if (shape is not null && !shape.SequenceEqual(Features.shape.Skip(1)))
        {
            using var features = Features;
            tensors[FeaturesName] = features.view([Count, .. shape]).DetachFromDisposeScope();
        }
        return this;
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
    }
}
