namespace MlComponents.Benchmarks.Loading;

/// <summary>What is loaded, as this library has it and as one has it without.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Read">One of them, as TorchSharp's DataLoader wants it.</param>
/// <param name="InMemory">The tensors that hold them; null where they are decoded.</param>
internal sealed record LoadedRows(MapDataset Data, Func<long, Dictionary<string, Tensor>> Read, GeneratedDigits? InMemory) : IDisposable
{
    /// <summary>Pictures to be decoded.</summary>
    public static LoadedRows Decoded(int rows)
    {
        var pictures = new CompressedPictures(rows);
        return new(pictures, Read, InMemory: null);

        Dictionary<string, Tensor> Read(long index)
        {
            var example = pictures.Read(index);
            return example.Names.ToDictionary(name => name, name => example[name]);
        }
    }

    /// <summary>Rows of contiguous tensors.</summary>
    public static LoadedRows OfMemory(int rows)
    {
        var digits = new GeneratedDigits(rows, GeneratedDigits.Pixels);
        return new(new TensorDataset(digits.Features, digits.Labels), index => new() { [Batch.FeaturesName] = digits.Features[index], [Batch.LabelName] = digits.Labels[index] }, digits);
    }

    public void Dispose()
    {
        (Data as IDisposable)?.Dispose();
        InMemory?.Dispose();
    }
}
