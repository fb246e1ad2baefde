using System.Numerics;

namespace MlComponents;

/// <summary>What layers check about shapes, and how they show them.</summary>
internal static class LayerShapes
{
    private static readonly string[] Forms = ["[C]", "[C, L]", "[C, H, W]", "[C, D, H, W]"];

    /// <summary>Numbers in a tensor of a shape.</summary>
    public static long Size(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The shape of a batch of examples with so many channels, as <c>[N, 8, H, W]</c>; with 0 dimensions the channels are last.</summary>
    public static string ShowBatch(long channels, int dimensions) => dimensions switch
    {
        0 => $"[N, {channels}] or [N, ..., {channels}]",
        1 => $"[N, {channels}, L]",
        2 => $"[N, {channels}, H, W]",
        _ => $"[N, {channels}, D, H, W]",
    };

    /// <summary>All numbers that divide two others, in ascending order, as <c>1, 2 and 4</c>.</summary>
    public static string ShowDivisors(long number, long other = 0)
    {
        var common = (long)BigInteger.GreatestCommonDivisor(number, other);
        var low = new List<long>();
        for (long divisor = 1; divisor <= common / divisor; divisor++)
            if (common % divisor == 0)
                low.Add(divisor);
        var all = low.Concat(low.Select(divisor => common / divisor)).Distinct().Order().ToList();
        return all.Count == 1 ? $"{all[0]}" : $"{string.Join(", ", all.SkipLast(1))} and {all[^1]}";
    }

    /// <summary>What is said of a batch that doesn't fit what a module was built for.</summary>
    /// <param name="kind">Name of the definition.</param>
    /// <param name="form">The shape that the batch must have, as <c>[N, L, 8]</c>.</param>
    /// <param name="x">The batch.</param>
    public static ArgumentException Unfit(string kind, string form, Tensor x) => new($"{kind} was built for {form}, but the input has the shape {Shown.Shape(x.shape)}.");

    /// <summary>Checks a batch of maps of any size.</summary>
    /// <exception cref="ArgumentException">It isn't [N, channels, H, W].</exception>
    public static void CheckMaps(string kind, Tensor x, long channels)
    {
        if (x.dim() != 4 || x.shape[1] != channels)
            throw Unfit(kind, ShowBatch(channels, dimensions: 2), x);
    }

    /// <summary>Checks a batch of examples that must have exactly one shape.</summary>
    /// <exception cref="ArgumentException">They have another one.</exception>
    public static void CheckExamples(string kind, Tensor x, params ReadOnlySpan<long> shape)
    {
        if (!x.HasExamplesOf(shape))
            throw Unfit(kind, $"[N, {string.Join(", ", shape.ToArray())}]", x);
    }

    /// <summary>Checks a batch that is seen as rows of numbers, whatever the shape of one example is.</summary>
    /// <exception cref="ArgumentException">There are others than <paramref name="size"/> numbers in an example.</exception>
    public static void CheckNumbers(string kind, Tensor x, long size)
    {
        if (x.dim() < 2 || Size(x.shape[1..]) != size)
            throw Unfit(kind, $"examples of {size} numbers, as [N, {size}]", x);
    }

    /// <summary>Checks the shape of an example.</summary>
    /// <param name="kind">Name of the definition, for the message.</param>
    /// <param name="inputShape">Shape of one example, without the batch.</param>
    /// <param name="fewest">Dimensions that it has at least, 1 or 2.</param>
    /// <exception cref="ArgumentException">It has fewer dimensions, more than 4, or a size below 1.</exception>
    public static void Check(string kind, long[] inputShape, int fewest)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        if (inputShape.Length < fewest || inputShape.Length > Forms.Length || inputShape.Any(size => size < 1))
            throw new ArgumentException(
                $"{kind} takes examples of the shape {string.Join(", ", Forms[(fewest - 1)..^1])} or {Forms[^1]}, but these have {Shown.Shape(inputShape)}.");
    }
}
