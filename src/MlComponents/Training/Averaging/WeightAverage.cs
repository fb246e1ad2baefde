namespace MlComponents;

/// <summary>A live average of a network's weights over the steps of a run.</summary>
/// <remarks>One per run; its tensors belong to no dispose scope and are freed with it.</remarks>
public abstract class WeightAverage : IDisposable
{
    /// <summary>Whether there is an average yet.</summary>
    public abstract bool HasWeights { get; }

    /// <summary>
    /// Whether the statistics of batch norms have to be computed anew for the averaged weights before these are used. They are those of the weights themselves then, which
    /// differ from what the averaged weights make of the same rows.
    /// </summary>
    public virtual bool NeedsBatchStatistics => false;

    /// <summary>Takes in the network's weights after an optimizer step.</summary>
    /// <param name="position">Where the run is, that step included.</param>
    public abstract void Update(SchedulePosition position);

    /// <summary>Gives the network the averaged weights, and with a second call its own ones again, bit for bit. In between there is no <see cref="Update"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no average yet.</exception>
    public abstract void Swap();

    /// <summary>Remembers with the average the statistics that the network's batch norms have now, computed anew while it has the averaged weights.</summary>
    public virtual void KeepBatchStatistics()
    {
    }

    /// <summary>Remembers the average.</summary>
    public abstract void SaveState(ComponentState state);

    /// <summary>Goes on from a remembered average.</summary>
    /// <exception cref="InvalidDataException">It is that of another network or kind.</exception>
    public abstract void LoadState(ComponentState state);

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the tensors.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);
}
