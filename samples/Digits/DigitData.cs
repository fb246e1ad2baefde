namespace Digits;

/// <summary>Digits to learn from, and other digits to be tested on.</summary>
public sealed record DigitData(DigitSet Train, DigitSet Test)
{
    /// <summary>Drawn training digits.</summary>
    public const int DrawnTrainCount = 12_000;

    /// <summary>Drawn test digits.</summary>
    public const int DrawnTestCount = 2_000;

    /// <summary>Reads a folder with the four original MNIST files, or draws digits.</summary>
    /// <param name="directory">A folder; null draws.</param>
    /// <param name="seed">Seed of the drawing; it doesn't matter for a folder.</param>
    /// <exception cref="InvalidDataException">A file isn't what it should be.</exception>
    /// <exception cref="IOException">The folder or a file isn't there or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file may not be read.</exception>
    public static DigitData Load(string? directory, int seed) => directory is null
        ? new DigitData(DigitArtist.Draw(DigitSplit.Train, DrawnTrainCount, seed), DigitArtist.Draw(DigitSplit.Test, DrawnTestCount, seed))
        : MnistFolder.Read(directory);

    /// <summary>Refuses digits that no model can learn to tell apart, before time is spent on its training; ML.NET's own trainers would not end.</summary>
    /// <exception cref="InvalidDataException">All training digits are the same one, or the test has others.</exception>
    public void MustBeLearnable()
    {
        var known = Train.Labels.ToHashSet();
        if (known.Count < 2)
            throw new InvalidDataException($"All {Train.Count} training digits are {Train.Labels[0]}; there must be at least two different ones to be told apart.");
        DigitEvaluation.MustKnow(known, Test);
    }
}
