namespace MlComponents;

/// <summary>A thread that reads batches of one epoch after another.</summary>
internal sealed class LoaderWorker
{
    private readonly object gate = new();
    private readonly Thread thread;
    private readonly int number;
    private Action? given;
    private bool isEnding;
    private bool hasBegun;

    /// <summary>Starts it.</summary>
    /// <param name="number">Its number, from 0.</param>
    public LoaderWorker(int number)
    {
        this.number = number;
        VectorMath.Prepare();
        thread = new Thread(Work) { IsBackground = true, Name = $"MlComponents loader worker {number}" };
        thread.UnsafeStart();   // not with the span that is open now
    }

    /// <summary>The thread's name.</summary>
    public string Name => thread.Name!;

    /// <summary>Has an idle worker read batches of an epoch.</summary>
    /// <param name="epoch">Reads them; it throws nothing.</param>
    public void Do(Action epoch)
    {
        lock (gate)
        {
            given = epoch;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Has it end, after the epoch that it was given.</summary>
    public void End()
    {
        lock (gate)
        {
            isEnding = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits until it has ended.</summary>
    public void Join() => thread.Join();

    /// <summary>Calls, on its own thread, what a user has to be called there once.</summary>
    /// <exception cref="BatchReadException">It failed.</exception>
    public void Begin(Action<int>? start)
    {
        if (hasBegun)
            return;
        try
        {
            start?.Invoke(number);
            hasBegun = true;
        }
        catch (Exception e)
        {
            throw new BatchReadException($"Prefetching.WorkerStart failed on '{Name}': {e.Message}", e, []);
        }
    }

    private void Work()
    {
        OperationThreads.UseOne();
        while (Next() is { } epoch)
            epoch();
    }

    private Action? Next()
    {
        lock (gate)
        {
            while (given is null && !isEnding)
                Monitor.Wait(gate);
            var epoch = given;
            given = null;
            return epoch;
        }
    }
}
