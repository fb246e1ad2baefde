namespace MlComponents;

/// <summary>One example as named tensors, without a batch dimension.</summary>
/// <remarks>It owns its tensors, which belong to no dispose scope.</remarks>
public sealed class Example : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors;

    /// <summary>An example of features and a label.</summary>
    /// <param name="features">float32 [...]; it is taken over.</param>
    /// <param name="label">int64 [] class index, or float32 [] number; it is taken over.</param>
    /// <param name="weight">float32 [], or null where all examples weigh the same; it is taken over.</param>
    public Example(Tensor features, Tensor label, Tensor? weight = null) : this(Named(features, label, weight)) { }

    /// <summary>An example of named tensors, which are taken over.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public Example(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        this.tensors = new(tensors);
        if (this.tensors.Count == 0)
            throw new ArgumentException("An example needs at least one tensor.", nameof(tensors));
        foreach (var tensor in this.tensors.Values)
            tensor.DetachFromDisposeScope();
    }

    /// <summary>Its number in the data set that has read it; null as long as it isn't read by one.</summary>
    public long? Number { get; internal set; }

    /// <summary>Names of the tensors.</summary>
    public IReadOnlyCollection<string> Names => tensors.Keys;

    /// <summary>The tensor of that name, [...].</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Tensor this[string name] => tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"The example has no tensor '{name}'; it has {string.Join(", ", tensors.Keys)}.");

    /// <summary>Makes sure that it can be in one batch with another.</summary>
    /// <exception cref="InvalidDataException">It has other tensors, or one of another shape or type.</exception>
    internal void CheckLike(Example other)
    {
        if (!tensors.Keys.ToHashSet().SetEquals(other.tensors.Keys))
            throw new InvalidDataException($"{this} has the tensors {string.Join(", ", tensors.Keys)}, but {other} of the same batch has {string.Join(", ", other.tensors.Keys)}: all must have the same.");
        foreach (var (name, tensor) in tensors)
        {
            var (shape, otherShape) = (tensor.shape, other.tensors[name].shape);
            if (!shape.AsSpan().SequenceEqual(otherShape))
                throw new InvalidDataException(
                    $"'{name}' of {this} has the shape {Shown.Shape(shape)}, but of {other} of the same batch {Shown.Shape(otherShape)}: give all the same, or override Collate to pad them.");
            if (tensor.dtype != other.tensors[name].dtype)
                throw new InvalidDataException($"'{name}' of {this} is {tensor.dtype}, but of {other} of the same batch {other.tensors[name].dtype}: give all the same type.");
        }
    }

    /// <summary>What messages call it.</summary>
    public override string ToString() => Number is { } number ? $"example {number}" : "an example";

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(Tensor features, Tensor label, Tensor? weight)
    {
        yield return KeyValuePair.Create(Batch.FeaturesName, features);
        yield return KeyValuePair.Create(Batch.LabelName, label);
        if (weight is not null)
            yield return KeyValuePair.Create(Batch.WeightName, weight);
    }
}
