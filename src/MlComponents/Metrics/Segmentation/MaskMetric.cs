namespace MlComponents;

/// <summary>A metric of masks: the mean over images of a value that each has.</summary>
internal sealed class MaskMetric : WeightedMean
{
    private readonly ClassReader reader;
    private readonly long foreground;
    private readonly Func<Tensor, Tensor, Tensor> ofImages;

    /// <param name="name">Name of the metric.</param>
    /// <param name="outputs">Outputs of the network.</param>
    /// <param name="options">Which class is the foreground, and which label doesn't count.</param>
    /// <param name="ofImages">From where the foreground is predicted and where it is, bool [N, H, W] each, to the value of each image, [N].</param>
    public MaskMetric(string name, long outputs, OneClassMetricDefinition options, Func<Tensor, Tensor, Tensor> ofImages)
        : base(name, MetricDirection.Rises)
    {
        reader = new(Subject, outputs, options.IgnoreIndex);
        foreground = options.Class;
        this.ofImages = ofImages;
    }

    protected override Tensor Values(Tensor output, Tensor target)
    {
        var (scores, label) = reader.Align(output, target);                                        // [N, C, H, W], [N, H, W]
        var predicted = reader.Predictions(scores).eq(foreground);                                 // [N, H, W]
        var actual = label.eq(foreground);                                                         // [N, H, W]
        if (reader.Counted(target) is { } counted)
            (predicted, actual) = (predicted.logical_and(counted), actual.logical_and(counted));
        if (label.dim() == 4 && label.shape[1] == 1)
            (predicted, actual) = (predicted.squeeze(1), actual.squeeze(1));
        if (actual.dim() != 3)
            throw MetricInput.Mismatch(Subject, output, target, "it takes images, labels [N, H, W]");

        return ofImages(predicted, actual);                                                        // [N]
    }
}
