using System.Diagnostics;

namespace MlComponents;

/// <summary>
/// Writes a run's checkpoints on a thread of its own, and deletes those that needn't be kept once a newer one is safe. The training thread hands over a
/// finished checkpoint and goes on.
/// </summary>
/// <remarks>
/// One is being written and at most one waits, so that memory is bounded where the disk is slower than the run: then the newer takes the place of the one
/// that waits. Those that <see cref="Retention"/> keeps for being the best, and those that are required, are never given up for a newer one; where one of them waits,
/// another that isn't is given up itself, and only where another one is does the training thread wait for the disk.
/// </remarks>
internal sealed class CheckpointWriter : IDisposable
{
    private readonly object gate = new();
    private readonly ICheckpointStore store;
    private readonly Retention retention;
    private readonly List<KeptCheckpoint> stored = [];
    private readonly Queue<string> warnings = new();
    private readonly Thread thread;
    private Job? waiting;
    private Job? current;
    private bool isClosing;
    private bool hasToldOfSlowness;

    /// <param name="store">Where to. From now on only this writer writes to it.</param>
    /// <param name="retention">Which are kept.</param>
    /// <exception cref="IOException">The store can't be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The store may not be written to.</exception>
    public CheckpointWriter(ICheckpointStore store, Retention retention)
    {
        (this.store, this.retention) = (store, retention);
        store.Prepare();
        foreach (var step in store.Steps)
            if (MetricsOf(step) is { } metrics)
                stored.Add(new(step, metrics));
        thread = new Thread(WriteAll) { IsBackground = true, Name = "MlComponents checkpoints" };
        thread.UnsafeStart();   // not with the span that is open now
    }

    /// <summary>Takes over a checkpoint and has it written soon.</summary>
    /// <param name="checkpoint">It is disposed of when it is written or given up.</param>
    /// <param name="isRequired">Whether it is written in any case, as that of a run's end is.</param>
    public void Write(Checkpoint checkpoint, bool isRequired = false)
    {
        var job = new Job(checkpoint, isRequired, Activity.Current?.Context ?? default);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosing, this);
            while (waiting is { } other && IsKept(other, job) && IsKept(job, other))
                Monitor.Wait(gate);
            if (waiting is null)
                waiting = job;
            else
                GiveUpOneOf(waiting, job);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Sentences of what went wrong since the last call, for <see cref="TrainingRun.Warn"/>.</summary>
    public IReadOnlyList<string> TakeWarnings()
    {
        lock (gate)
        {
            if (warnings.Count == 0)
                return [];
            string[] taken = [.. warnings];
            warnings.Clear();
            return taken;
        }
    }

    /// <summary>Waits until everything that was handed over is on the disk.</summary>
    public void Flush()
    {
        lock (gate)
            while (waiting is not null || current is not null)
                Monitor.Wait(gate);
    }

    /// <summary>Waits until everything that was handed over is on the disk, and ends the thread.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isClosing = true;
            Monitor.PulseAll(gate);
        }
        thread.Join();
    }

    private void GiveUpOneOf(Job older, Job newer)
    {
        var (kept, given) = IsKept(older, newer) ? (older, newer) : (newer, older);
        waiting = kept;
        given.Checkpoint.Dispose();
        if (hasToldOfSlowness)
            return;
        hasToldOfSlowness = true;
        warnings.Enqueue(
            $"The checkpoint {CheckpointFiles.NameOf(given.Step)} is left out, because those before it are still being written: the disk is slower than they come. "
            + "Take them at longer intervals; others that are left out aren't reported.");
    }

    /// <summary>Whether a checkpoint may not be given up for another one.</summary>
    private bool IsKept(Job job, Job other)
    {
        List<KeptCheckpoint> all = [.. stored.Where(known => known.Step < job.Step), job.Kept, other.Kept];
        if (current is { } writing)
            all.Add(writing.Kept);
        return job.IsRequired || retention.Best(all).Contains(job.Step);
    }

    private void WriteAll()
    {
        while (Next() is { } job)
        {
            WriteOne(job);
            lock (gate)
            {
                current = null;
                Monitor.PulseAll(gate);
            }
        }
    }

    private Job? Next()
    {
        lock (gate)
        {
            while (waiting is null && !isClosing)
                Monitor.Wait(gate);
            (current, waiting) = (waiting, null);
            Monitor.PulseAll(gate);   // there is room for another
            return current;
        }
    }

    private void WriteOne(Job job)
    {
        using var span = TrainingTelemetry.Source.StartActivity(TrainingTelemetry.CheckpointSpan, ActivityKind.Internal, job.Parent);
        span?.SetTag(TrainingTelemetry.StepTag, job.Step);
        var started = Stopwatch.GetTimestamp();
        using (job.Checkpoint)
            if (!Try($"The checkpoint {CheckpointFiles.NameOf(job.Step)} couldn't be written, and training goes on without it", () => store.Write(job.Checkpoint), span))
                return;
        span?.SetTag(TrainingTelemetry.DurationTag, Stopwatch.GetElapsedTime(started).TotalSeconds);
        foreach (var step in Remember(job.Kept))
            if (Try($"The checkpoint {CheckpointFiles.NameOf(step)}, which needn't be kept, couldn't be deleted", () => store.Delete(step), span))
                lock (gate)
                    stored.RemoveAll(known => known.Step == step);
    }

    /// <summary>Adds a checkpoint that is safe now.</summary>
    /// <returns>Those that needn't be kept any more.</returns>
    private IReadOnlyList<long> Remember(KeptCheckpoint written)
    {
        lock (gate)
        {
            // What has come further is of a run that was given up, or damaged: it must not count for newer than this one.
            stored.RemoveAll(known => known.Step >= written.Step);
            stored.Add(written);
            return retention.Superfluous(stored);
        }
    }

    /// <summary>Whatever a disk does, it doesn't end the run.</summary>
    private bool Try(string failure, Action action, Activity? span)
    {
        try
        {
            action();
            return true;
        }
#pragma warning disable CA1031 // Nothing that happens here may end the process; all of it is told to the run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            lock (gate)
                warnings.Enqueue($"{failure}: {e.Message}");
            return false;
        }
    }

    private IReadOnlyDictionary<string, double>? MetricsOf(long step)
    {
        try
        {
            return store.ReadMetrics(step);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;   // what can't be read is neither counted nor deleted; reading the latest tells of it
        }
    }

    private sealed record Job(Checkpoint Checkpoint, bool IsRequired, ActivityContext Parent)
    {
        public long Step => Checkpoint.Step;

        public KeptCheckpoint Kept => new(Checkpoint.Step, Checkpoint.Metrics);
    }
}
