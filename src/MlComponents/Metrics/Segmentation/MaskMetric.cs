namespace MlComponents;

/// <summary>A metric of masks: the mean over images of a value that each has.</summary>
internal abstract class MaskMetric : WeightedMean
{
    private readonly ClassReader reader;
    private readonly long foreground;

    protected MaskMetric(string name, long outputs, OneClassMetricDefinition options) : base(name, MetricDirection.Rises)
    {
        reader = new(Subject, outputs, options.IgnoreIndex);
        foreground = options.Class;
    }

    /// <summary>The value of each image.</summary>
    /// <param name="predicted">Where the foreground is predicted, bool [N, H, W].</param>
    /// <param name="actual">Where it is, bool [N, H, W].</param>
    /// <returns>float64 [N].</returns>
    protected abstract Tensor OfImages(Tensor predicted, Tensor actual);

    protected sealed override Tensor Values(Tensor output, Tensor target)
    {
        var (scores, label) = reader.Align(output, target);
        var predicted = reader.Predictions(scores).eq(foreground);                                 // [N, H, W]
        var actual = label.eq(foreground);                                                         // [N, H, W]
        if (reader.Counted(target) is { } counted)
            (predicted, actual) = (predicted.logical_and(counted), actual.logical_and(counted));
        if (label.dim() == 4 && label.shape[1] == 1)
            (predicted, actual) = (predicted.squeeze(1), actual.squeeze(1));
        if (actual.dim() != 3)
            throw MetricInput.Mismatch(Subject, output, target, "it takes images, labels [N, H, W]");

        return OfImages(predicted, actual);                                                        // [N]
    }
}
