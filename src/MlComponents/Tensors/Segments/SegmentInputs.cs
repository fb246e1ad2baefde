namespace MlComponents;

/// <summary>What reductions of segments ask of their arguments.</summary>
internal static class SegmentInputs
{
    /// <exception cref="ArgumentException">The type isn't a number's, or not one that has means.</exception>
    public static void CheckType(string owner, ScalarType type, SegmentReduction reduction)
    {
        if (!OperationInputs.IsNumber(type))
            throw new ArgumentException($"{owner} takes numbers, but these are {type}: convert them first.");
        if (reduction == SegmentReduction.Mean && !OperationInputs.IsFloat(type))
            throw new ArgumentException($"{owner} takes the mean of floating point numbers, but these are {type}: convert them to Float32 first.");
    }

    /// <summary>An index of slices, [B..., L], as one of elements, [B..., L, ...].</summary>
    public static Tensor PerElement(Tensor index, Tensor source)
    {
        var features = Enumerable.Repeat(1L, (int)(source.dim() - index.dim()));
        return index.reshape([.. index.shape, .. features]).expand(source.shape);
    }

    /// <summary>The segment of each slice, Int64 [B..., L], by offsets [B..., S + 1]: -1 before the first, S from the last on.</summary>
    public static Tensor OfOffsets(Tensor offsets, long slices)
    {
        using var scope = NewDisposeScope();

        long[] shape = [.. offsets.shape[..^1], slices];
        var positions = arange(slices, ScalarType.Int64, offsets.device).expand(shape).contiguous();             // [B..., L]
        var started = searchsorted(offsets.contiguous(), positions, right: true);                                // [B..., L]

        return (started - 1).MoveToOuterDisposeScope();
    }

    /// <summary>Refuses indices out of range, as far as that doesn't wait for a device.</summary>
    /// <exception cref="ArgumentException">On a CPU, an index is out of range.</exception>
    public static void CheckIndex(string owner, Tensor index, long size)
    {
        if (index.device_type != DeviceType.CPU || index.numel() == 0)
            return;

        using var scope = NewDisposeScope();
        var (least, most) = (index.min().item<long>(), index.max().item<long>());
        if (least < 0 || most >= size)
            throw new ArgumentException($"{owner} was given the index {(least < 0 ? least : most)}, but with a size of {size} an index is at least 0 "
                + $"and at most {size - 1}.");
    }
}
