namespace MlComponents;

/// <summary>The batches of an epoch that are yet to be read, one after another. One thread at a time asks for them.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="epoch">Number of the epoch, from 1.</param>
/// <param name="skip">Batches at its beginning that are left out.</param>
/// <param name="end">Number of batches after which it ends.</param>
/// <param name="read">Reads a batch and makes it ready for the network.</param>
internal sealed class EpochReads(IBatchSource source, int epoch, long skip, long end, Func<BatchRead, Batch> read) : IDisposable
{
    private readonly IEnumerator<BatchRead> reads = source.Reads(epoch, skip, end).GetEnumerator();

    /// <summary>The batch that <see cref="Next"/> gives next, as messages call it.</summary>
    public string NextName { get; private set; } = NameOf(skip + 1, epoch);

    /// <summary>The next batch to read, or null after the last one.</summary>
    /// <param name="worker">The worker that asks for it; null for the caller's own thread.</param>
    /// <exception cref="BatchReadException">The sampler or the stream failed.</exception>
    public EpochRead? Next(LoaderWorker? worker)
    {
        try
        {
            if (!reads.MoveNext())
                return null;
        }
        catch (Exception e)
        {
            throw BatchReadException.Of(worker is null ? NextName : $"{NextName} (on '{worker.Name}')", e, []);
        }
        var next = new EpochRead(NextName, reads.Current, worker, read);
        NextName = NameOf(++skip + 1, epoch);
        return next;
    }

    /// <exception cref="BatchReadException">The stream failed to end.</exception>
    public void Dispose()
    {
        try
        {
            reads.Dispose();
        }
        catch (Exception e)
        {
            throw BatchReadException.Of(NextName, e, []);
        }
    }

    private static string NameOf(long number, int epoch) => $"Batch {number} of epoch {epoch}";
}
