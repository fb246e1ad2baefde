namespace MlComponents;

/// <summary>What a confusion matrix says of one class, in elements or sums of their weights.</summary>
/// <param name="Hits">Elements of the class that were predicted to be (true positives).</param>
/// <param name="Predicted">Elements that were predicted to be of the class.</param>
/// <param name="Labelled">Elements of the class.</param>
internal readonly record struct ClassTally(double Hits, double Predicted, double Labelled)
{
    /// <summary>The share of the predictions that are right.</summary>
    public static Ratio Precision(ClassTally tally) => new(tally.Hits, tally.Predicted);

    /// <summary>The share of the labels that are found.</summary>
    public static Ratio Recall(ClassTally tally) => new(tally.Hits, tally.Labelled);

    /// <summary>F1, the harmonic mean of both, which is also the Dice coefficient.</summary>
    public static Ratio Dice(ClassTally tally) => new(2 * tally.Hits, tally.Predicted + tally.Labelled);

    /// <summary>Intersection over union.</summary>
    public static Ratio IoU(ClassTally tally) => new(tally.Hits, tally.Predicted + tally.Labelled - tally.Hits);

    /// <summary>The classes of a matrix [C, C] with a row per label and a column per prediction.</summary>
    public static ClassTally[] Read(Tensor matrix)
    {
        using var scope = NewDisposeScope();

        var numbers = stack([matrix.diagonal(), matrix.sum([0]), matrix.sum([1])], 1).data<double>().ToArray();   // [C, 3]
        return [.. numbers.Chunk(3).Select(row => new ClassTally(row[0], row[1], row[2]))];
    }
}

/// <summary>A part of a whole.</summary>
internal readonly record struct Ratio(double Part, double Whole)
{
    /// <summary>The quotient, or another value where the whole is 0.</summary>
    public double Or(double undefined) => Whole == 0 ? undefined : Part / Whole;
}
