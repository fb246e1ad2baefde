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

    /// <summary>Name of each example's second target, where examples are mixed: as <see cref="LabelName"/>.</summary>
    public const string OtherLabelName = "other-label";

    /// <summary>Name of the weights of the second targets, beside those of the first, <see cref="WeightName"/>: float32 [N].</summary>
    public const string OtherWeightName = "other-weight";

    private readonly Dictionary<string, Tensor> tensors;

    /// <summary>Takes over tensors of equal first dimension.</summary>
    /// <exception cref="ArgumentException">There are none, one is a scalar, or their first dimensions differ.</exception>
    public Batch(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        this.tensors = new(tensors);
        if (this.tensors.Count == 0)
            throw new ArgumentException("A batch needs at least one tensor.", nameof(tensors));

        foreach (var (name, tensor) in this.tensors)
            if (tensor.dim() == 0)
                throw new ArgumentException($"The tensor '{name}' is a scalar; its first dimension must be the examples.", nameof(tensors));
        Count = this.tensors.Values.First().size(0);   // of which shape makes an array
        foreach (var (name, tensor) in this.tensors)
        {
            if (tensor.size(0) != Count)
                throw new ArgumentException($"The tensor '{name}' has {tensor.size(0)} rows, but the others have {Count}.", nameof(tensors));
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

    /// <summary>Names of the tensors.</summary>
    public IReadOnlyCollection<string> Names => tensors.Keys;

    /// <summary>The network's input, [N, ...].</summary>
    public Tensor Features => this[FeaturesName];

    /// <summary>The target, [N] or [N, ...].</summary>
    public Tensor Label => this[LabelName];

    /// <summary>Weight of each example, [N], or null when all weigh the same.</summary>
    public Tensor? Weight => tensors.GetValueOrDefault(WeightName);

    /// <summary>All tensors by name.</summary>
    internal IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>The second target of each example, as <see cref="Label"/>, or null where they aren't mixed.</summary>
    internal Tensor? OtherLabel => tensors.GetValueOrDefault(OtherLabelName);

    /// <summary>Gives the batch a tensor, in place of the one of that name, which is freed.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">[N, ...]; it is taken over.</param>
    /// <returns>This batch, for the next call.</returns>
    /// <exception cref="ArgumentException">It has another number of rows.</exception>
    public Batch Set(string name, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dim() == 0 || tensor.size(0) != Count)
            throw new ArgumentException($"The tensor '{name}' has the shape {Shown.Shape(tensor.shape)}, but the batch has {Count} examples, which are the first dimension of each tensor.", nameof(tensor));

        if (tensors.TryGetValue(name, out var old) && !ReferenceEquals(old, tensor))
            old.Dispose();
        tensors[name] = tensor.DetachFromDisposeScope();
        return this;
    }

    /// <summary>The same batch without the tensor of that name, if there is one, which is freed.</summary>
    internal Batch Without(string name)
    {
        if (tensors.Remove(name, out var tensor))
            tensor.Dispose();
        return this;
    }

    /// <summary>The same examples on another device; the batch itself when it is there already.</summary>
    public Batch To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.type == DeviceType.CPU)
            return this;

        using var source = this;
        return new Batch(tensors.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.to(device, non_blocking: true))));
    }

    /// <summary>The same batch in page-locked memory, from which it can be copied to a CUDA device beside other work.</summary>
    internal Batch Pin()
    {
        foreach (var (name, tensor) in tensors.ToList())
            Set(name, tensor.pin_memory());
        return this;
    }

    /// <summary>Some of the examples in a row, as a batch that shares the memory of this one.</summary>
    /// <param name="start">The first of them, from 0.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none there, or not so many.</exception>
    public Batch Rows(long start, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        using var scope = NewDisposeScope();
        return new Batch(tensors.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.narrow(0, start, count))));
    }

    /// <summary>Memory for other examples with tensors of the same names, types and shapes.</summary>
    internal Batch Like(long count)
    {
        using var scope = NewDisposeScope();
        return new Batch(tensors.Select(pair => KeyValuePair.Create(pair.Key, empty([count, .. pair.Value.shape[1..]], pair.Value.dtype))));
    }

    /// <summary>Overwrites as many examples, from a place on, as another batch has.</summary>
    internal void Write(Batch source, long start)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in source.tensors)
            tensors[name].narrow(0, start, source.Count).copy_(tensor);
    }

    /// <summary>Batches of the same names and types one after another, as one; they are taken over.</summary>
    internal static Batch Join(IReadOnlyList<Batch> parts)
    {
        if (parts is [var whole])
            return whole;
        using var scope = NewDisposeScope();
        try
        {
            return new Batch(parts[0].tensors.Keys.Select(name => KeyValuePair.Create(name, cat([.. parts.Select(part => part[name])]))));
        }
        finally
        {
            foreach (var part in parts)
                part.Dispose();
        }
    }

    /// <summary>The same batch with each example's features in another shape of as many numbers; null leaves them.</summary>
    internal Batch ViewFeatures(IReadOnlyList<long>? shape) =>
        shape is null || shape.SequenceEqual(Features.shape.Skip(1)) ? this : Set(FeaturesName, Features.view([Count, .. shape]));

    /// <summary>The same batch with features of floating-point numbers in another type; null leaves them.</summary>
    internal Batch ConvertFeatures(ScalarType? type)
    {
        if (type is { } wanted && Features.is_floating_point() && Features.dtype != wanted)
        {
            using var features = Features;
            tensors[FeaturesName] = features.to(wanted).DetachFromDisposeScope();
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
