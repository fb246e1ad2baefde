using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Layer normalization without weights: all numbers of a row, or of its last dimensions, together have mean 0 and variance 1.</summary>
/// <remarks>After Ba, Kiros and Hinton (arXiv 1607.06450). One input of any shape but [].</remarks>
public sealed record LayerNormalize : NormalizeOperation
{
    /// <summary>How many of a row's last dimensions are normalized together. At least 1; null, the default: all.</summary>
    [Range(1, int.MaxValue)]
    public int? Dimensions { get; init; }

    private protected override long GroupCount(IReadOnlyList<long> shape)
    {
        var dimensions = Dimensions ?? shape.Count;
        if (shape.Count == 0 || dimensions > shape.Count)
            throw new ArgumentException(
                $"LayerNormalize takes rows of at least {Math.Max(1, dimensions)} dimension{(dimensions > 1 ? "s" : "")}, but these have {Shown.Shape(shape)}.");
        return shape.Take(shape.Count - dimensions).Aggregate(1L, (product, size) => product * size);
    }
}
