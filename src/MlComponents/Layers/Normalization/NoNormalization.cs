namespace MlComponents;

/// <summary>Leaves activations as they are.</summary>
public sealed record NoNormalization : NormalizationDefinition
{
    /// <inheritdoc/>
    public override bool ReplacesBias => false;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long channels, int dimensions)
    {
        CheckChannels(channels, dimensions);
        return nn.Identity();
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels) => (0, 0);
}
