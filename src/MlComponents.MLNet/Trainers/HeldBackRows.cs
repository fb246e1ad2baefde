namespace MlComponents.MLNet;

/// <summary>Rows that are held back from training to measure on.</summary>
internal static class HeldBackRows
{
    private const int CheckedAtOnce = 1024;

    /// <summary>Splits rows into two parts in an order that the seed draws.</summary>
    /// <param name="rows">At least 2 rows.</param>
    /// <param name="fraction">Share of the second part, above 0 and below 1; it has at least one row, and so has the first.</param>
    /// <param name="seed">Draws which rows go where.</param>
    public static (Subset Training, Subset Validation) Split(MapDataset rows, double fraction, int seed)
    {
        if (rows.Count < 2)
            throw new ArgumentException($"There is only {rows.Count} training row, which can't be split: leave ValidationFraction out.", nameof(rows));
        var order = new RandomSampler(rows.Count, seed).Indices(epoch: 0).AsMemory();   // training's epochs begin at 1
        var validation = Math.Clamp((int)Math.Round(rows.Count * fraction), 1, order.Length - 1);
        return (new Subset(rows, order[validation..]), new Subset(rows, order[..validation]));
    }

    /// <summary>The label of all rows if they have but one; null as soon as another is found.</summary>
    public static double? OnlyLabel(MapDataset rows)
    {
        double? only = null;
        for (var start = 0L; start < rows.Count; start += CheckedAtOnce)
        {
            using var scope = NewDisposeScope();
            long[] indices = [.. Enumerable.Range(0, (int)Math.Min(CheckedAtOnce, rows.Count - start)).Select(i => start + i)];
            using var batch = rows.Gather(indices);
            var labels = batch.Label.to(ScalarType.Float64);
            only ??= labels[0].item<double>();
            if (labels.ne(only.Value).any().item<bool>())
                return null;
        }
        return only;
    }
}
