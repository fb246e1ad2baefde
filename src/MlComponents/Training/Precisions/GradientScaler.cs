namespace MlComponents;

/// <summary>
/// The factor of the loss that keeps small gradients above float16's smallest numbers: as large as the gradients allow, found by trying (Micikevicius et al., arXiv 1710.03740, section 3.2).
/// </summary>
/// <remarks>Rule and numbers are those of PyTorch's GradScaler: half after gradients that aren't finite, twice after so many steps in a row whose gradients are.</remarks>
/// <param name="growthInterval">Steps with finite gradients after which it grows.</param>
internal sealed class GradientScaler(int growthInterval = 2000)
{
    private const double Growth = 2;
    private const double Backoff = 0.5;

    // 30 steps in a row below the first one. Gradients that aren't finite even so aren't because of the scale.
    private const double Smallest = 1.0 / (1 << 14);

    /// <summary>The factor.</summary>
    public double Scale { get; private set; } = 1 << 16;

    /// <summary>Steps with finite gradients since the factor changed.</summary>
    public int FiniteSteps { get; private set; }

    /// <summary>Whether it is as small as it gets: a step whose gradients aren't finite is taken even so, so that the run ends with that error.</summary>
    public bool IsSmallest => Scale <= Smallest;

    /// <summary>Learns from a step.</summary>
    /// <param name="finite">Whether all of its gradients were finite.</param>
    public void Update(bool finite)
    {
        if (!finite)
        {
            FiniteSteps = 0;
            Scale = Math.Max(Scale * Backoff, Smallest);
            return;
        }

        FiniteSteps++;
        if (FiniteSteps == growthInterval)
        {
            FiniteSteps = 0;
            if (float.IsFinite((float)(Scale * Growth)))
                Scale *= Growth;
        }
    }

    /// <summary>Remembers the factor and how long it has held.</summary>
    public void SaveState(ComponentState state)
    {
        state.Set("scale", Scale);
        state.Set("finiteSteps", FiniteSteps);
    }

    /// <summary>Goes on from what was remembered.</summary>
    /// <exception cref="InvalidDataException">It is the state of something else.</exception>
    public void LoadState(ComponentState state) => (Scale, FiniteSteps) = (state.Get<double>("scale"), state.Get<int>("finiteSteps"));
}
