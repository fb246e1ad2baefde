namespace MlComponents;

/// <summary>What layers over sequences of tokens, [L, C], have in common.</summary>
internal static class Tokens
{
    /// <exception cref="ArgumentException">An example isn't [L, C].</exception>
    public static (long Length, long Channels) Check(LayerDefinition layer, long[] inputShape)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        return inputShape is [>= 1 and var length, >= 1 and var channels]
            ? (length, channels)
            : throw new ArgumentException(
                $"{layer.GetType().Name} takes examples of L tokens with C channels, [L, C], but these have the shape {Shown.Shape(inputShape)}.", nameof(inputShape));
    }
}
