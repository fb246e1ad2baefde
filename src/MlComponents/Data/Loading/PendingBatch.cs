namespace MlComponents;

/// <summary>A batch that a worker reads, and that somebody waits for or has given up.</summary>
internal sealed class PendingBatch(EpochRead read)
{
    private readonly TaskCompletionSource<Batch> result = new();

    /// <summary>Reads it, on the worker's thread.</summary>
    public void Read()
    {
        try
        {
            var batch = read.Read();
            if (!result.TrySetResult(batch))
                batch.Dispose();
        }
        catch (BatchReadException e)
        {
            result.TrySetException(e);
        }
    }

    /// <summary>Waits until it is read.</summary>
    /// <param name="milliseconds">For how long; <see cref="Timeout.Infinite"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The batch, which is the caller's; null when it isn't there in time.</returns>
    /// <exception cref="BatchReadException">It can't be read.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Batch? Wait(int milliseconds, CancellationToken cancellationToken) =>
        Task.WaitAny([result.Task], milliseconds, cancellationToken) < 0 ? null : result.Task.GetAwaiter().GetResult();

    /// <summary>Gives it up: it is freed, now or as soon as it is read.</summary>
    public void Abandon()
    {
        if (!result.TrySetCanceled() && result.Task.Exception is null)   // which is seen by that
            result.Task.Result.Dispose();
    }

    /// <inheritdoc cref="EpochRead.ToString"/>
    public override string ToString() => read.ToString();
}
