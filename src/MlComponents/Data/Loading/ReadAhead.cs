using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace MlComponents;

/// <summary>Batches that workers read side by side, before they are asked for, and that are given in their order.</summary>
/// <remarks>
/// Each worker, when there is room, takes its turn to ask what is to be read next, puts it into the queue as pending, and reads it beside the others; so the queue has the order in which the reads were
/// asked for, whoever is ready first. What workers and caller share is freed by the last of them, which may be a worker that was stuck.
/// </remarks>
internal sealed class ReadAhead : IBatchQueue
{
    private readonly EpochReads reads;
    private readonly Prefetching options;
    private readonly WorkerPool pool;
    private readonly LoaderWorker[] workers;
    private readonly CancellationToken cancellationToken;
    private readonly CancellationTokenSource ended;   // the epoch is cancelled, or the caller has left it
    private readonly CancellationToken end;
    private readonly SemaphoreSlim room;
    private readonly SemaphoreSlim turn = new(1);
    private readonly BlockingCollection<PendingBatch> queue = [];
    private readonly TaskCompletionSource closed = new();
    private volatile LoaderWorker? asking;
    private volatile BatchReadException? failure;     // of whoever asked what is to be read: it comes after all that is in the queue
    private BatchReadException? failureToClose;
    private int users;

    /// <summary>Begins to read.</summary>
    /// <param name="reads">What is to be read; it is taken over.</param>
    /// <param name="options">How.</param>
    /// <param name="pool">Where the workers come from and go.</param>
    /// <param name="cancellationToken">Ends the epoch early.</param>
    public ReadAhead(EpochReads reads, Prefetching options, WorkerPool pool, CancellationToken cancellationToken)
    {
        (this.reads, this.options, this.pool, this.cancellationToken) = (reads, options, pool, cancellationToken);
        ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end = ended.Token;
        room = new((int)Math.Min((long)options.Workers * options.BatchesPerWorker, int.MaxValue));
        workers = pool.Take(options.Workers);
        users = workers.Length + 1;
        foreach (var worker in workers)
            worker.Do(() => Work(worker));
    }

    public Batch? Next()
    {
        var began = Stopwatch.GetTimestamp();
        PendingBatch? next = null;
        try
        {
            if (queue.TryTake(out next, MillisecondsLeft(began), cancellationToken))
            {
                room.Release();
                return next.Wait(MillisecondsLeft(began), cancellationToken) ?? throw Late($"{next}", "is still being read");
            }
            if (!queue.IsCompleted)
                throw Late(reads.NextName, asking is { } worker ? $"is waited for by '{worker.Name}', who asks the sampler or the stream for it" : "has no worker yet");
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            next?.Abandon();
            return null;
        }
        catch (TimeoutException)
        {
            next?.Abandon();
            throw;
        }
    }

    /// <summary>Ends the reading, and waits for the reads that are going on, though not for ever.</summary>
    public void Dispose()
    {
        ended.Cancel();
        AbandonAll();
        Leave();
        if (closed.Task.Wait(options.LeavingTime))
            pool.Return(workers, options.PersistentWorkers);
        else
            foreach (var worker in workers)
                worker.End();   // as soon as it can
        if (failureToClose is not null)
            ExceptionDispatchInfo.Throw(failureToClose);
    }

    /// <summary>What a worker does in an epoch.</summary>
    private void Work(LoaderWorker worker)
    {
        try
        {
            if (Begin(worker))
                while (Ask(worker) is { } batch)
                    batch.Read();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Does what is to be done once on a worker.</summary>
    private bool Begin(LoaderWorker worker)
    {
        try
        {
            worker.Begin(options.WorkerStart);
            return true;
        }
        catch (BatchReadException e)
        {
            turn.Wait(end);
            Fail(e);
            turn.Release();
            return false;
        }
    }

    /// <summary>Asks, when there is room and it is the worker's turn, what is to be read next; null when there is nothing more.</summary>
    private PendingBatch? Ask(LoaderWorker worker)
    {
        room.Wait(end);
        turn.Wait(end);
        try
        {
            asking = worker;
            if (!queue.IsAddingCompleted && reads.Next(worker) is { } read)
            {
                var next = new PendingBatch(read);
                queue.Add(next, CancellationToken.None);
                return next;
            }
            queue.CompleteAdding();
        }
        catch (BatchReadException e)
        {
            Fail(e);
        }
        finally
        {
            asking = null;
            turn.Release();
        }
        return null;
    }

    /// <summary>Lets the queue end with an error, for whoever has the turn.</summary>
    private void Fail(BatchReadException e)
    {
        failure ??= e;
        queue.CompleteAdding();
    }

    /// <summary>The last one to leave frees what was shared.</summary>
    private void Leave()
    {
        if (Interlocked.Decrement(ref users) > 0)
            return;
        AbandonAll();
        try
        {
            reads.Dispose();
        }
        catch (BatchReadException e)
        {
            failureToClose = e;
        }
        queue.Dispose();
        room.Dispose();
        turn.Dispose();
        ended.Dispose();
        closed.SetResult();
    }

    private void AbandonAll()
    {
        while (queue.TryTake(out var batch))
            batch.Abandon();
    }

    /// <summary>What is left of the time in which a batch has to be there; -1 for ever.</summary>
    private int MillisecondsLeft(long began) => options.Timeout is { } timeout
        ? (int)Math.Clamp(Math.Ceiling((timeout - Stopwatch.GetElapsedTime(began)).TotalMilliseconds), 0, int.MaxValue)
        : Timeout.Infinite;

    private TimeoutException Late(string what, string why) => new(
        $"{what} wasn't there after {options.Timeout} and {why}: look for what it waits for, or set Prefetching.Timeout to more, or to null for ever.");
}
