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

    /// <summary>Names of the tensors.</summary>
    public IReadOnlyCollection<string> Names => tensors.Keys;

    /// <summary>The tensor of that name, [...].</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Tensor this[string name] => tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"The example has no tensor '{name}'; it has {string.Join(", ", tensors.Keys)}.");

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
