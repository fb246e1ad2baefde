namespace MlComponents;

/// <summary>Rectangles of pixels, one in each image of a batch.</summary>
/// <param name="Top">First row of each, [N].</param>
/// <param name="Left">First column of each, [N].</param>
/// <param name="Bottom">The row after the last of each, [N].</param>
/// <param name="Right">The column after the last of each, [N].</param>
internal readonly record struct Rectangles(Tensor Top, Tensor Left, Tensor Bottom, Tensor Right)
{
    /// <summary>Pixels of each, [N].</summary>
    public Tensor Area() => (Bottom - Top) * (Right - Left);

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    public Rectangles MoveToOuterDisposeScope() =>
        new(Top.MoveToOuterDisposeScope(), Left.MoveToOuterDisposeScope(), Bottom.MoveToOuterDisposeScope(), Right.MoveToOuterDisposeScope());

    /// <summary>Which pixels are inside, bool [N, 1, H, W].</summary>
    public Tensor Mask(long height, long width)
    {
        using var scope = NewDisposeScope();

        var rows = Inside(Top, Bottom, height).unsqueeze(2);                                       // [N, H, 1]
        var columns = Inside(Left, Right, width).unsqueeze(1);                                     // [N, 1, W]

        return rows.logical_and(columns).unsqueeze(1).MoveToOuterDisposeScope();                   // [N, 1, H, W]
    }

    private static Tensor Inside(Tensor first, Tensor end, long size)
    {
        var places = arange(size);
        return places.ge(first.unsqueeze(1)).logical_and(places.lt(end.unsqueeze(1)));             // [N, size]
    }
}
