namespace MlComponents;

/// <summary>Examples to learn from or to measure on: a <see cref="MapDataset"/>, which is read by number, or a <see cref="StreamingDataset"/>, which is read in its own order.</summary>
public abstract class Dataset
{
    private protected Dataset() { }

    /// <summary>Number of examples of one epoch.</summary>
    public abstract long Count { get; }

    /// <summary>Shape of one example of each tensor by name, without the batch dimension.</summary>
    public abstract IReadOnlyDictionary<string, long[]> Shapes { get; }
}
