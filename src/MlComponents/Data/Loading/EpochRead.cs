namespace MlComponents;

/// <summary>A batch of an epoch that is to be read.</summary>
/// <param name="name">What messages call it.</param>
/// <param name="source">How it is read.</param>
/// <param name="worker">Who reads it; null for the caller's own thread.</param>
/// <param name="read">Reads it and makes it ready for the network.</param>
internal sealed class EpochRead(string name, BatchRead source, LoaderWorker? worker, Func<BatchRead, Batch> read)
{
    /// <exception cref="BatchReadException">It can't be read.</exception>
    public Batch Read()
    {
        try
        {
            return read(source);
        }
        catch (Exception e)
        {
            throw BatchReadException.Of(ToString(), e, source.Numbers.Span);
        }
    }

    /// <summary>The batch, its examples and the worker.</summary>
    public override string ToString() =>
        $"{name} (examples {Shown.Names([.. source.Numbers.ToArray().Select(number => $"{number}")], most: 16)}{(worker is null ? "" : $"; on '{worker.Name}'")})";
}
