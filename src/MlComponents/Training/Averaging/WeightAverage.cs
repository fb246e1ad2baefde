namespace MlComponents;

/// <summary>A live average of a network's weights over the steps of a run.</summary>
/// <remarks>One per run; its tensors belong to no dispose scope and are freed with it.</remarks>
public abstract class WeightAverage : IDisposable
{
    /// <summary>Short name, which the names of its validation metrics have, e.g. <c>ema</c> in <c>validation/ema/loss</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether there is an average yet.</summary>
    public abstract bool HasWeights { get; }

    /// <summary>Takes in the network's weights after an optimizer step.</summary>
    /// <param name="position">Where the run is, that step included.</param>
    public abstract void Update(SchedulePosition position);

    /// <summary>Exchanges the network's weights and the averaged ones; a second call puts both back.</summary>
    public abstract void Swap();

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
