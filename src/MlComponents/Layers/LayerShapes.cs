namespace MlComponents;

/// <summary>What the messages of layers say about shapes.</summary>
internal static class LayerShapes
{
    /// <summary>A shape as <c>[2, 3, 4]</c>.</summary>
    public static string Show(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>Choices as <c>1, 2 and 4</c>.</summary>
    public static string Show(IReadOnlyList<long> choices, string last) =>
        choices.Count == 1 ? $"{choices[0]}" : $"{string.Join(", ", choices.SkipLast(1))} {last} {choices[^1]}";

    /// <summary>All numbers that divide another, in ascending order.</summary>
    public static IReadOnlyList<long> Divisors(long number)
    {
        var low = new List<long>();
        for (long divisor = 1; divisor <= number / divisor; divisor++)
            if (number % divisor == 0)
                low.Add(divisor);
        return [.. low.Concat(low.Select(divisor => number / divisor)).Distinct().Order()];
    }

    /// <summary>The shape of a batch of maps with so many channels, as a text: <c>[N, 8, H, W]</c>; with 0 dimensions the channels are last.</summary>
    public static string Batch(long channels, int dimensions) => dimensions switch
    {
        0 => $"[N, {channels}] or [N, ..., {channels}]",
        1 => $"[N, {channels}, L]",
        2 => $"[N, {channels}, H, W]",
        _ => $"[N, {channels}, D, H, W]",
    };
}
