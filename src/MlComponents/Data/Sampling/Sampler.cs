namespace MlComponents;

/// <summary>The order in which the examples of a data set are read.</summary>
public abstract class Sampler
{
    /// <summary>Examples of one epoch.</summary>
    public abstract long Count { get; }

    /// <summary>Numbers of the examples of one epoch, a pure function of the epoch.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    public abstract long[] Indices(int epoch);
}
