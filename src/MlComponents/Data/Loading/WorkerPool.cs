namespace MlComponents;

/// <summary>The workers of a loader. Each of its epochs, of which several may be read at the same time, has some for itself.</summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly Stack<LoaderWorker[]> idle = [];
    private bool isClosed;

    /// <summary>Workers that have nothing to do: those that are left from an epoch before, or new ones.</summary>
    public LoaderWorker[] Take(int count)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosed, typeof(DataLoader));
            return idle.TryPop(out var workers) ? workers : [.. Enumerable.Range(0, count).Select(number => new LoaderWorker(number))];
        }
    }

    /// <summary>Takes workers back that have nothing to do any more.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="keep">Whether they wait for another epoch; otherwise they have ended when this returns.</param>
    public void Return(LoaderWorker[] workers, bool keep)
    {
        lock (gate)
            if (keep && !isClosed)
            {
                idle.Push(workers);
                return;
            }
        End(workers);
    }

    /// <summary>Ends the workers that wait for an epoch, and later those that don't.</summary>
    public void Dispose()
    {
        lock (gate)
            isClosed = true;
        while (idle.TryPop(out var workers))
            End(workers);
    }

    private static void End(LoaderWorker[] workers)
    {
        foreach (var worker in workers)
            worker.End();
        foreach (var worker in workers)
            worker.Join();
    }
}
