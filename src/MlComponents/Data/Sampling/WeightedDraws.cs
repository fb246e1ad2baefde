using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Rows drawn in proportion to their weights, by <see cref="WeightedSampler"/>, instead of counting them so in the loss: the training loss of a row that is drawn has a weight of 1.</summary>
/// <remarks>The weights are those of the training rows, in a pipeline those of the column ExampleWeightColumnName. Validation counts its rows by their weights as ever.</remarks>
public sealed record WeightedDraws : SamplerDefinition
{
    /// <summary>Whether a row can be drawn again in the same epoch. Default: true.</summary>
    public bool Replacement { get; init; } = true;

    /// <summary>Rows of one epoch, without replacement at most as many as have a weight above 0. At least 1; null, the default: as many as there are training rows.</summary>
    [Range(1, int.MaxValue)]
    public int? Count { get; init; }

    internal override bool UsesWeights => true;

    /// <inheritdoc/>
    public override Sampler Create(SamplerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new WeightedSampler(context.ReadWeights(), context.Seed, Replacement, Count);
    }
}
