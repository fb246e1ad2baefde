using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Rows in a new random order in every epoch, as many as are asked for, by <see cref="RandomSampler"/>.</summary>
public sealed record RandomDraws : SamplerDefinition
{
    /// <summary>Whether each row is drawn from all of them, so that some come several times and others never; otherwise none comes again before all have come. Default: false.</summary>
    public bool Replacement { get; init; }

    /// <summary>Rows of one epoch. At least 1; null, the default: as many as there are training rows.</summary>
    [Range(1, int.MaxValue)]
    public int? Count { get; init; }

    /// <inheritdoc/>
    public override Sampler Create(SamplerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new RandomSampler(context.Count, context.Seed, Replacement, Count);
    }
}
