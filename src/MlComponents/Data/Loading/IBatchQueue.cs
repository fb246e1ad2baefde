namespace MlComponents;

/// <summary>The batches of one epoch, ready for the network but for its device.</summary>
internal interface IBatchQueue : IDisposable
{
    /// <summary>The next batch, which is the caller's; null after the last one, or when the epoch is cancelled.</summary>
    /// <exception cref="BatchReadException">It can't be read.</exception>
    /// <exception cref="TimeoutException">It wasn't there in time.</exception>
    Batch? Next();
}

/// <summary>Batches that are read when they are asked for.</summary>
internal sealed class ReadOnDemand(EpochReads reads, CancellationToken cancellationToken) : IBatchQueue
{
    public Batch? Next()
    {
        try
        {
            return cancellationToken.IsCancellationRequested ? null : reads.Next(worker: null)?.Read();
        }
        catch (BatchReadException e) when (e.InnerException is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => reads.Dispose();
}
