namespace MlComponents;

/// <summary>The order in which the examples of a data set are read.</summary>
public abstract class Sampler
{
    /// <summary>Examples of one epoch.</summary>
    public abstract long Count { get; }

    /// <summary>Whether an epoch may have an example more than once; random changes of it then differ from one time to the next.</summary>
    public virtual bool Repeats => false;

    /// <summary>Numbers of the examples of one epoch, a pure function of the epoch.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    public abstract long[] Indices(int epoch);

    /// <summary>Draws of one epoch: those given, else one for each example.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are less than 1, or there is nothing to draw from.</exception>
    private protected static long Draws(long? draws, long examples) => draws switch
    {
        null => examples,
        < 1 => throw new ArgumentOutOfRangeException(nameof(draws), draws, "An epoch has at least 1 draw; null stands for as many as there are examples."),
        _ when examples == 0 => throw new ArgumentOutOfRangeException(nameof(draws), draws, "There are no examples to draw from."),
        _ => draws.Value,
    };
}
