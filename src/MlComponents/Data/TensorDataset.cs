using System.Runtime.CompilerServices;

namespace MlComponents;

/// <summary>Examples in memory: one contiguous tensor on the CPU per name, each with the examples as its first dimension.</summary>
/// <remarks>
/// It shares the memory of tensors that are contiguous and on the CPU, and copies others. What it holds belongs to no dispose scope; the tensors that it was
/// given stay their owner's.
/// </remarks>
public sealed class TensorDataset : Dataset, IDisposable
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
        columns = [.. tensors.Select(pair => new Column(pair.Key, pair.Value))];
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
    public override Batch Gather(ReadOnlySpan<long> indices)
    {
        var tensors = new KeyValuePair<string, Tensor>[columns.Count];
        for (var i = 0; i < tensors.Length; i++)
            tensors[i] = KeyValuePair.Create(columns[i].Name, columns[i].Gather(indices));
        return new Batch(tensors);
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose() => columns.ForEach(column => column.Tensor.Dispose());

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(Tensor features, Tensor label, Tensor? weight)
    {
        yield return KeyValuePair.Create(Batch.FeaturesName, features);
        yield return KeyValuePair.Create(Batch.LabelName, label);
        if (weight is not null)
            yield return KeyValuePair.Create(Batch.WeightName, weight);
    }

    /// <summary>A tensor and where its rows lie in memory; copying rows is twice as fast as index_select.</summary>
    private sealed unsafe class Column
    {
        private readonly byte* rows;
        private readonly long rowBytes;
        private readonly long count;

        public Column(string name, Tensor tensor)
        {
            if (tensor.dim() == 0)
                throw new ArgumentException($"The tensor '{name}' is a scalar; its first dimension must be the examples.", nameof(tensor));

            using var scope = NewDisposeScope();
            Name = name;
            Tensor = tensor.detach().cpu().contiguous().alias().DetachFromDisposeScope();
            count = Tensor.shape[0];
            rowBytes = count == 0 ? 0 : Tensor.numel() / count * Tensor.ElementSize;
            if (rowBytes > 0)
                rows = FirstByte(Tensor);
        }

        public string Name { get; }

        public Tensor Tensor { get; }

        public Tensor Gather(ReadOnlySpan<long> indices)
        {
            var batch = empty([indices.Length, .. Tensor.shape.AsSpan(1)], Tensor.dtype);
            if (rowBytes == 0 || indices.Length == 0)
                return batch;

            var to = FirstByte(batch);
            for (var i = 0; i < indices.Length; i++)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)indices[i], (ulong)count, nameof(indices));
                Buffer.MemoryCopy(rows + indices[i] * rowBytes, to + i * rowBytes, rowBytes, rowBytes);
            }
            return batch;
        }

        private static byte* FirstByte(Tensor tensor)
        {
            using var first = tensor.narrow(0, 0, 1);   // a span of all bytes ends at 2 GB
            return (byte*)Unsafe.AsPointer(ref first.bytes[0]);
        }
    }
}
