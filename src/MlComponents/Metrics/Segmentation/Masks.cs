namespace MlComponents;

/// <summary>What DAVIS measures of pairs of masks, bool [N, H, W], by whole tensors on their device.</summary>
internal static class Masks
{
    /// <summary>Intersection over union of each pair, and 1 where both are empty, float64 [N].</summary>
    public static Tensor Region(Tensor predicted, Tensor actual)
    {
        using var scope = NewDisposeScope();

        var intersection = Area(predicted.logical_and(actual));                                    // [N]
        var union = Area(predicted.logical_or(actual));                                            // [N]

        return Share(intersection, union).MoveToOuterDisposeScope();
    }

    /// <summary>Boundary F of each pair, see <see cref="BoundaryF"/>, float64 [N].</summary>
    public static Tensor Boundary(Tensor predicted, Tensor actual, double tolerance)
    {
        using var scope = NewDisposeScope();

        var (height, width) = (predicted.shape[1], predicted.shape[2]);
        var radius = (long)Math.Ceiling(tolerance * Math.Sqrt((double)height * height + (double)width * width));
        var (p, a) = (BoundaryOf(predicted), BoundaryOf(actual));                                  // [N, H, W]
        var precision = Share(Area(p.logical_and(Dilate(a, radius))), Area(p));                    // [N]
        var recall = Share(Area(a.logical_and(Dilate(p, radius))), Area(a));                       // [N]

        // A sum that isn't 0 is at least one pixel's share, so that the bound changes 0/0 alone, to 0.
        return (2 * precision * recall / (precision + recall).clamp_min(1e-30)).MoveToOuterDisposeScope();
    }

    /// <summary>The pixels from which one to the right, below or right below differs; beyond the border the mask goes on as at it.</summary>
    internal static Tensor BoundaryOf(Tensor mask)
    {
        using var scope = NewDisposeScope();

        var right = Shift(mask, 2);                                                                // [N, H, W]
        var below = Shift(mask, 1);                                                                // [N, H, W]

        return mask.ne(right).logical_or(mask.ne(below)).logical_or(mask.ne(Shift(below, 2))).MoveToOuterDisposeScope();
    }

    /// <summary>All pixels within a distance of a set of pixels.</summary>
    internal static Tensor Dilate(Tensor pixels, long radius)
    {
        using var scope = NewDisposeScope();

        var square = arange(-radius, radius + 1, ScalarType.Float32, pixels.device).square();      // [2r + 1]
        var disk = (square.unsqueeze(1) + square).le(radius * radius).to(ScalarType.Float32);      // [2r + 1, 2r + 1]
        var near = nn.functional.conv2d(
            pixels.to(ScalarType.Float32).unsqueeze(1), disk.unsqueeze(0).unsqueeze(0), padding: [radius, radius]);   // [N, 1, H, W]

        return near.gt(0.5).squeeze(1).MoveToOuterDisposeScope();                                  // [N, H, W]
    }

    /// <summary>Each pixel's next one along a dimension; the last one is its own.</summary>
    private static Tensor Shift(Tensor mask, long dimension)
    {
        var size = mask.shape[dimension];
        return cat([mask.narrow(dimension, 1, size - 1), mask.narrow(dimension, size - 1, 1)], dimension);
    }

    private static Tensor Area(Tensor mask) => mask.sum([1, 2]).to(ScalarType.Float64);            // [N]

    /// <summary>A share of areas; of an area without pixels it is all.</summary>
    private static Tensor Share(Tensor part, Tensor whole) => (part / whole).masked_fill(whole.eq(0), 1);
}
