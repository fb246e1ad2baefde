using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Group normalization without weights: all positions of each group of neighbouring channels of a row together have mean 0 and variance 1.</summary>
/// <remarks>After Wu and He (arXiv 1803.08494). One input with the channels first: [C], [C, L], [C, H, W] and so on.</remarks>
public sealed record GroupNormalize : NormalizeOperation
{
    /// <summary>How many groups the channels make; it divides their number. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int Groups { get; init; } = 1;

    private protected override long GroupCount(IReadOnlyList<long> shape) => shape.Count >= 1 && shape[0] % Groups == 0
        ? Groups
        : throw new ArgumentException(
            $"GroupNormalize takes rows with the channels first, whose number can be divided by the {Groups} groups, but these have {Shown.Shape(shape)}.");
}
