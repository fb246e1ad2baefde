using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>Examples in memory: one contiguous tensor on the CPU per name, each with the examples as its first dimension.</summary>
/// <remarks>
/// It shares the memory of tensors that are contiguous and on the CPU, and copies others. What it holds belongs to no dispose scope; the tensors that it was
/// given stay their owner's.
/// </remarks>
public sealed class TensorDataset : MapDataset, IDisposable
{
    private readonly List<Column> columns;

    /// <summary>A data set of features and labels.</summary>
    /// <param name="features">float32 [N, ...].</param>
    /// <param name="label">int64 [N] class indices, or float32 [N] numbers.</param>
    /// <param name="weight">Weight of each example, float32 [N], or null for all ones.</param>
    public TensorDataset(Tensor features, Tensor label, Tensor? weight = null) : this(Named(features, label, weight)) { }

    /// <summary>A data set of named tensors.</summary>
    /// <exception cref="ArgumentException">There are none, or their first dimensions differ.</exception>
    public TensorDataset(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        columns = [.. tensors.Select(pair => Column.Of(pair.Key, pair.Value))];
        if (columns.Count == 0)
            throw new ArgumentException("A data set needs at least one tensor.", nameof(tensors));

        Count = columns[0].Tensor.shape[0];
        if (columns.Find(column => column.Tensor.shape[0] != Count) is { } odd)
            throw new ArgumentException($"The tensor '{odd.Name}' has {odd.Tensor.shape[0]} rows, but '{columns[0].Name}' has {Count}.", nameof(tensors));
        Shapes = columns.ToDictionary(column => column.Name, column => column.Tensor.shape[1..]);
    }

    /// <inheritdoc/>
    public override long Count { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Shapes { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no example of some number.</exception>
    public override Batch Gather(ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();

        var rows = Rows(indices);
        return new Batch(columns.Select(column => KeyValuePair.Create(column.Name, column.Tensor.index_select(0, rows))));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no example of some number.</exception>
    /// <exception cref="KeyNotFoundException">There is no tensor of that name.</exception>
    public override Tensor GatherTensor(string name, ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();

        var column = columns.Find(column => column.Name == name) ?? throw new KeyNotFoundException($"The data set has no tensor '{name}'; it has {string.Join(", ", Shapes.Keys)}.");
        return column.Tensor.index_select(0, Rows(indices)).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose() => columns.ForEach(column => column.Tensor.Dispose());

    private Tensor Rows(ReadOnlySpan<long> indices)
    {
        foreach (var index in indices)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index, (ulong)Count, nameof(indices));
        var rows = empty(indices.Length, ScalarType.Int64);   // [N]
        indices.CopyTo(MemoryMarshal.Cast<byte, long>(rows.bytes));
        return rows;
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(Tensor features, Tensor label, Tensor? weight)
    {
        yield return KeyValuePair.Create(Batch.FeaturesName, features);
        yield return KeyValuePair.Create(Batch.LabelName, label);
        if (weight is not null)
            yield return KeyValuePair.Create(Batch.WeightName, weight);
    }

    private sealed record Column(string Name, Tensor Tensor)
    {
        /// <summary>The same numbers, contiguous and on the CPU, in no dispose scope.</summary>
        public static Column Of(string name, Tensor tensor)
        {
            using var scope = NewDisposeScope();
            if (tensor.dim() == 0)
                throw new ArgumentException($"The tensor '{name}' is a scalar; its first dimension must be the examples.", nameof(tensor));
            return new(name, tensor.detach().cpu().contiguous().alias().DetachFromDisposeScope());
        }
    }
}
