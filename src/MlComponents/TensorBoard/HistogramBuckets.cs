using Tensorboard;

namespace MlComponents;

/// <summary>Counts the numbers of a tensor in buckets of equal width.</summary>
/// <remarks>As TensorBoard's own summaries of TensorFlow 2 do: one pass, where the exponential buckets of TensorFlow 1 need a search for each number.</remarks>
internal static class HistogramBuckets
{
    private const int Count = 64;

    /// <summary>The histogram of the finite numbers; null where there are none.</summary>
    /// <param name="values">Numbers of any shape, dtype and device.</param>
    public static HistogramProto? Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        var x = values.detach().to(ScalarType.Float64).flatten();   // [N]
        var sum = x.sum().Number();
        if (!double.IsFinite(sum))
        {
            x = x.masked_select(x.isfinite());
            sum = x.sum().Number();
        }
        if (x.numel() == 0)
            return null;
        var (least, most) = (x.min().Number(), x.max().Number());
        var histogram = new HistogramProto { Min = least, Max = most, Num = x.numel(), Sum = sum, SumSquares = x.square().sum().Number() };
        if (least == most)
        {
            histogram.BucketLimit.Add(most);
            histogram.Bucket.Add(x.numel());
            return histogram;
        }
        var counts = x.histc(Count).cpu();                          // [Count], from the least to the most; the last bucket holds what is equal to its limit too
        histogram.Bucket.AddRange(counts.data<double>());
        histogram.BucketLimit.AddRange(Enumerable.Range(1, Count).Select(i => i == Count ? most : least + (most - least) * i / Count));
        return histogram;
    }
}
