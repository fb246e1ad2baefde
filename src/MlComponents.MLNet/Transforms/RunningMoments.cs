namespace MlComponents.MLNet;

/// <summary>Mean and variance of each of several numbers over rows that come in batches, in float64.</summary>
/// <remarks>
/// After Chan, Golub and LeVeque, Algorithms for computing the sample variance, 1983: what deviates from the mean so far is summed, never squares of the
/// numbers themselves. Equal numbers give exactly themselves as the mean, and a variance of exactly 0. Its memory belongs to the caller's dispose scope.
/// </remarks>
internal sealed class RunningMoments(long width)
{
    private readonly Tensor mean = zeros(width, ScalarType.Float64);
    private readonly Tensor squares = zeros(width, ScalarType.Float64);   // Σ(x − μ)²

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <param name="x">Finite numbers, float64 [N, width], N at least 1.</param>
    public void Add(Tensor x)
    {
        using var scope = NewDisposeScope();

        if (Count == 0)
            mean.copy_(x[0]);
        var (before, n) = (Count, x.shape[0]);
        Count += n;
        var deviation = x - mean;                                                                  // [N, width]
        var shift = deviation.mean([0]);                                                           // [width]
        var within = (deviation - shift).square().sum([0]);                                        // [width]; a bare 0 would be a type
        squares.add_(within + shift * (shift * ((double)before * n / Count)));
        mean.add_(shift * ((double)n / Count));
    }

    /// <summary>Mean and biased variance of each number, or of each channel.</summary>
    /// <param name="channels">Channels, each of as many neighbouring numbers; as many as numbers for each its own.</param>
    public (double[] Means, double[] Variances) Of(long channels)
    {
        using var scope = NewDisposeScope();

        var means = mean.view(channels, -1);                                                       // [C, P]
        var pooled = means.mean([1], keepdim: true);                                               // [C, 1]
        var between = (means - pooled).square().mean([1]);                                         // [C]
        var variances = between + squares.view(channels, -1).mean([1]) / Count;                    // [C]

        return (pooled.data<double>().ToArray(), variances.data<double>().ToArray());
    }
}
