using static System.FormattableString;

namespace MlComponents;

/// <summary>What a sampler is built for.</summary>
/// <param name="Rows">The training rows.</param>
/// <param name="Seed">The seed of the run.</param>
public sealed record SamplerContext(MapDataset Rows, int Seed)
{
    /// <summary>Number of training rows.</summary>
    public long Count => Rows.Count;

    /// <summary>Reads the class of each row, from 0.</summary>
    /// <exception cref="ArgumentException">The rows have no label, or not one number each.</exception>
    /// <exception cref="InvalidDataException">A label is no whole number of at least 0.</exception>
    public long[] ReadClasses()
    {
        var labels = Rows.ReadNumbers(Batch.LabelName);
        var odd = Array.FindIndex(labels, label => !(label is >= 0 and < int.MaxValue && Math.Floor(label) == label));
        return odd < 0
            ? [.. labels.Select(label => (long)label)]
            : throw new InvalidDataException(Invariant($"The label of training row {odd}, counted from 0, is {labels[odd]}, but classes are whole numbers from 0: choose a sampler that doesn't balance classes."));
    }

    /// <summary>Reads the weight of each row.</summary>
    /// <exception cref="ArgumentException">The rows have no weights.</exception>
    public double[] ReadWeights() => Rows.Shapes.ContainsKey(Batch.WeightName)
        ? Rows.ReadNumbers(Batch.WeightName)
        : throw new ArgumentException($"The training rows have no tensor '{Batch.WeightName}' to be drawn by: give each row a weight, in a pipeline by ExampleWeightColumnName.");
}
