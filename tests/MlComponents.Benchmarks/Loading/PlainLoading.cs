namespace MlComponents.Benchmarks.Loading;

/// <summary>Batches in random order as one makes them without this library; each gives the number of rows that it read.</summary>
internal static class PlainLoading
{
    /// <summary>Rows of contiguous tensors, batch by batch.</summary>
    public static long ByIndex(GeneratedDigits digits, int batchSize)
    {
        using var scope = NewDisposeScope();
        var count = 0L;
        foreach (var rows in randperm(digits.Rows).split(batchSize))
        {
            using var inner = NewDisposeScope();
            digits.Features.index_select(0, rows);
            count += digits.Labels.index_select(0, rows).shape[0];
        }
        return count;
    }

    /// <summary>TorchSharp's own loader, which reads a batch's rows on so many threads.</summary>
    public static long ByTorchSharp(LoadedRows loaded, int batchSize, int workers)
    {
        using var rows = new Rows(loaded);
        using var loader = utils.data.DataLoader(rows, batchSize, shuffle: true, num_worker: workers);
        var count = 0L;
        foreach (var batch in loader)
        {
            count += batch[Batch.LabelName].shape[0];
            foreach (var tensor in batch.Values)
                tensor.Dispose();
        }
        return count;
    }

    private sealed class Rows(LoadedRows loaded) : utils.data.Dataset
    {
        public override long Count => loaded.Data.Count;

        public override Dictionary<string, Tensor> GetTensor(long index) => loaded.Read(index);
    }
}
