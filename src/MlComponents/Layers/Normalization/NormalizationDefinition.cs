namespace MlComponents;

/// <summary>A layer that brings activations to a common scale. Every network that has such layers takes the kind as an option.</summary>
public abstract record NormalizationDefinition : LayerDefinition
{
    /// <summary>Builds the layer for a number of channels.</summary>
    /// <param name="channels">Channels C, at least 1.</param>
    /// <param name="dimensions">
    /// Dimensions after the channels: 1 for [N, C, L], 2 for [N, C, H, W], 3 for [N, C, D, H, W]. With 0 the channels are the last dimension,
    /// [N, C] or [N, L, C].
    /// </param>
    /// <returns>A module that keeps the shape of its input.</returns>
    /// <exception cref="ArgumentException">The options don't fit the channels; the message says what does.</exception>
    public abstract nn.Module<Tensor, Tensor> Create(long channels, int dimensions);

    /// <summary>
    /// Whether a convolution or linear layer before this one needs no bias of its own, because the normalization takes it out or has a trainable shift.
    /// True, unless a kind says otherwise.
    /// </summary>
    public virtual bool ReplacesBias => true;

    /// <summary>Trainable numbers and numbers in buffers of the layer for a number of channels, by arithmetic.</summary>
    /// <param name="channels">As for <see cref="Create(long, int)"/>.</param>
    public abstract (long Parameters, long Buffers) Count(long channels);

    /// <inheritdoc/>
    public sealed override nn.Module<Tensor, Tensor> Create(long[] inputShape)
    {
        CheckShape(inputShape);
        return Create(inputShape[0], inputShape.Length - 1);
    }

    /// <inheritdoc/>
    public sealed override ModuleDescription Describe(long[] inputShape)
    {
        CheckShape(inputShape);
        var (parameters, buffers) = Count(inputShape[0]);
        return new() { Kind = GetType().Name, InputShape = inputShape, OutputShape = inputShape, Parameters = parameters, Buffers = buffers, MultiplyAdds = 0 };
    }

    /// <exception cref="ArgumentOutOfRangeException">There are no channels, or more dimensions than any layer takes.</exception>
    private protected static void CheckChannels(long channels, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 3);
    }

    /// <exception cref="ArgumentException">Examples of this shape can't be normalized so.</exception>
    private protected virtual void CheckShape(long[] inputShape) => LayerShapes.Check(GetType().Name, inputShape, fewest: 1);
}
