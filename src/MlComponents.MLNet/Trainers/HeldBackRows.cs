namespace MlComponents.MLNet;

/// <summary>Rows that are held back from training to measure on.</summary>
internal static class HeldBackRows
{
    /// <summary>Splits rows into two parts that the seed draws.</summary>
    /// <param name="rows">At least 2 rows.</param>
    /// <param name="fraction">Share of the second part, above 0 and below 1; it has at least one row, and so has the first.</param>
    /// <param name="options">Whether classes are held back in proportion, or groups as a whole.</param>
    /// <param name="seed">Draws which rows go where.</param>
    /// <exception cref="ArgumentException">There is only one row.</exception>
    /// <exception cref="InvalidDataException">All rows are of one group, or no class has two.</exception>
    public static (Subset Training, Subset Validation) Split(TrainingRows rows, double fraction, TorchTrainerOptions options, int seed)
    {
        var count = rows.Data.Count;
        if (count < 2)
            throw new ArgumentException($"There is only {count} training row, which can't be split: leave ValidationFraction out.", nameof(rows));
        var split = options switch
        {
            { StratifyValidation: true } => MlComponents.Split.Stratified(Classes(rows, options), fraction, seed),
            { ValidationGroupColumnName: not null } => MlComponents.Split.Grouped(Groups(rows, options), fraction, seed),
            _ => MlComponents.Split.Random(count, fraction, seed),
        };
        return split.Subsets(rows.Data);
    }

    private static double[] Classes(TrainingRows rows, TorchTrainerOptions options)
    {
        var labels = rows.Data.ReadNumbers(Batch.LabelName);
        return labels.Distinct().Count() < labels.Length ? labels : throw new InvalidDataException(
            $"Each of {labels.Length} training rows has a class of its own in the column '{options.LabelColumnName}', so StratifyValidation can hold none back: leave it out, or give a class several rows.");
    }

    private static IReadOnlyList<int> Groups(TrainingRows rows, TorchTrainerOptions options) =>
        rows.Groups.Distinct().Skip(1).Any() ? rows.Groups : throw new InvalidDataException(
            $"All {rows.Groups.Count} training rows are of one group in the column '{options.ValidationGroupColumnName}', so none can be held back: give rows of at least two groups, or leave ValidationGroupColumnName out.");

    /// <summary>The label of all rows if they have but one, else null.</summary>
    public static double? OnlyLabel(MapDataset rows)
    {
        var labels = rows.ReadNumbers(Batch.LabelName);
        return Array.TrueForAll(labels, label => label == labels[0]) ? labels[0] : null;
    }
}
