namespace MlComponents.Reporting;

/// <summary>A quantity over a run, and its curves: those of the training, the validation and averaged weights.</summary>
/// <param name="Name">Name of the quantity, e.g. <c>loss</c>.</param>
/// <param name="Direction">Whether smaller or larger is better; null where neither is.</param>
/// <param name="Curves">The curves by name, e.g. <c>train</c>: a value per row of the history, NaN where it has none.</param>
internal sealed record MetricFamily(string Name, MetricDirection? Direction, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Curves)
{
    private static readonly string[] Errors = ["loss", "error", "mae", "mse", "rmse"];

    /// <summary>The families of a history: of its metrics in the order of their first appearance, then learning rate and norm of the gradients.</summary>
    /// <param name="history">The history.</param>
    /// <param name="directionOf">The direction of a metric by its full name. Null: losses and errors fall, all else rises.</param>
    public static IReadOnlyList<MetricFamily> Of(IReadOnlyList<HistoryRow> history, Func<string, MetricDirection>? directionOf = null)
    {
        var names = history.SelectMany(row => row.Metrics.Keys).Distinct().ToList();
        var families = names.GroupBy(name => FamilyOf(name, names)).Select(family => new MetricFamily(
            family.Key, (directionOf ?? Guess)(family.FirstOrDefault(IsOfValidation) ?? family.First()),
            [.. family.Select(name => (CurveOf(name, family.Key), Values(history, row => row.Metrics.GetValueOrDefault(name, double.NaN))))])).ToList();

        families.Add(new("learning rate", null, [("learning rate", Values(history, row => row.LearningRate))]));
        if (history.Any(row => row.GradientNorm is not null))
            families.Add(new("gradient norm", null, [("gradient norm", Values(history, row => row.GradientNorm ?? double.NaN))]));
        return families;
    }

    /// <summary>Whether a metric or its curve is of the validation, by its name.</summary>
    public static bool IsOfValidation(string name) => name.StartsWith("validation", StringComparison.Ordinal);

    /// <summary>The rule of those whom nobody told.</summary>
    private static MetricDirection Guess(string metric) =>
        metric.Split('/', '-').Any(Errors.Contains) ? MetricDirection.Falls : MetricDirection.Rises;

    /// <summary>The quantity of a metric: <c>loss</c> of <c>train/loss</c>, and of <c>validation/ema/loss</c> where there is a <c>validation/loss</c> too.</summary>
    private static string FamilyOf(string metric, List<string> all)
    {
        var parts = metric.Split('/', 3);
        return parts switch
        {
            [var pass, _, var rest] when all.Contains($"{pass}/{rest}") => rest,
            [_, ..] when parts.Length > 1 => metric[(parts[0].Length + 1)..],
            _ => metric,
        };
    }

    private static string CurveOf(string metric, string family) => metric.Length == family.Length ? metric : metric[..^(family.Length + 1)].Replace('/', ' ');

    private static List<double> Values(IReadOnlyList<HistoryRow> history, Func<HistoryRow, double> value) =>
        [.. history.Select(value).Select(number => double.IsFinite(number) ? number : double.NaN)];
}
