namespace MlComponents;

/// <summary>A live optimizer: moves parameters against their gradients and holds the state that this takes.</summary>
/// <remarks>One per run; its state belongs to no dispose scope and is freed with it.</remarks>
public abstract class Optimizer : IDisposable
{
    /// <summary>Learning rate of the next <see cref="Step"/>; the schedule sets it before every step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Forgets all gradients, so that the next backward pass starts from none.</summary>
    public abstract void ZeroGradients();

    /// <summary>One update from the gradients that the parameters have; parameters without a gradient stay as they are.</summary>
    public abstract void Step();

    /// <summary>Remembers the state of every parameter.</summary>
    public abstract void SaveState(ComponentState state);

    /// <summary>Goes on from a remembered state.</summary>
    /// <exception cref="InvalidDataException">It is that of another kind of optimizer, or of other parameters; nothing is changed then.</exception>
    public abstract void LoadState(ComponentState state);

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the state.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);
}
