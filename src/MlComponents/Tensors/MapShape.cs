namespace MlComponents;

/// <summary>Shape of one example of maps, [C, H, W]: where shapes that a network or layer can't take are refused, in the same words everywhere.</summary>
internal readonly record struct MapShape(long Channels, long Height, long Width)
{
    /// <summary>Reads the shape of one example.</summary>
    /// <param name="owner">Who needs it, e.g. <c>ResidualBlock</c>: the first word of the message.</param>
    /// <param name="shape">Sizes, without the batch.</param>
    /// <param name="remedy">What to do about it, e.g. <c>: leave it out</c>.</param>
    /// <exception cref="ArgumentException">The shape isn't [C, H, W].</exception>
    public static MapShape Of(string owner, IReadOnlyList<long> shape, string remedy = "")
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Read(shape) ?? throw new ArgumentException($"{owner} needs examples of shape [C, H, W], but these have the shape {Shown.Shape(shape)}{remedy}.");
    }

    /// <summary>Reads the shape in which a network sees one example: its own InputShape, or else that of the data.</summary>
    /// <exception cref="ArgumentException">The shape isn't [C, H, W]; the message says how to set one.</exception>
    public static MapShape Of(NetworkDefinition network, NetworkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (name, shape) = (network.GetType().Name, network.InputShape ?? context.InputShape);
        return Read(shape) ?? throw new ArgumentException(
            $"{name} needs examples of shape [C, H, W], but these have the shape {Shown.Shape(shape)}: set InputShape, e.g. new {name} {{ InputShape = [1, 28, 28] }}.");
    }

    /// <summary>Refuses heights and widths that aren't multiples of a number.</summary>
    /// <param name="owner">Who needs it, e.g. <c>UNet</c>.</param>
    /// <param name="factor">The number, at least 1.</param>
    /// <exception cref="ArgumentException">A size is no multiple; the message says the nearest ones that are.</exception>
    public MapShape MultiplesOf(string owner, long factor) => Height % factor == 0 && Width % factor == 0 ? this : throw new ArgumentException(
        $"{owner} needs heights and widths that are multiples of {factor}, but these examples are {Height} by {Width}: "
        + $"crop, pad or resize them to a height of {Nearest(Height, factor)} and a width of {Nearest(Width, factor)}.");

    /// <summary>What a convolution or pooling leaves of each size: <c>⌊(size + 2·padding − kernel)/stride⌋ + 1</c>.</summary>
    public MapShape Convolved(long channels, long kernel, long stride, long padding) => new(
        channels, (Height + 2 * padding - kernel) / stride + 1, (Width + 2 * padding - kernel) / stride + 1);

    /// <summary>The sizes as they stand in descriptions: [C, H, W].</summary>
    public long[] ToArray() => [Channels, Height, Width];

    private static MapShape? Read(IReadOnlyList<long> shape) => shape.Count == 3 && shape.All(size => size >= 1) ? new(shape[0], shape[1], shape[2]) : null;

    private static string Nearest(long size, long factor)
    {
        var (below, above) = (size / factor * factor, (size + factor - 1) / factor * factor);
        return below == above || below == 0 ? $"{above}" : $"{below} or {above}";
    }
}
