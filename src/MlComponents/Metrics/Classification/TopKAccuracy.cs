using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Share of labels that are among the K classes of the highest scores; of equal scores, the earlier class ranks higher.</summary>
/// <remarks>
/// With K = 1 it is the accuracy. A label that stands for no class and isn't the ignored one counts as an error. Its name is e.g.
/// <c>top-5-accuracy</c>.
/// </remarks>
public sealed record TopKAccuracy : ClassMetricDefinition
{
    /// <summary>How many classes may be named, at most as many as there are. At least 1; default 5.</summary>
    [Range(1, int.MaxValue)]
    public int K { get; init; } = 5;

    /// <inheritdoc/>
    public override Metric Create(long outputs)
    {
        if (outputs < 2)
            throw new ArgumentException($"TopKAccuracy ranks the scores of classes, but the network has {outputs} output: use Accuracy.");
        if (K > outputs)
            throw new ArgumentException($"TopKAccuracy has a K of {K}, but there are {outputs} classes: give a K of at most {outputs}.");
        return new TopKAccuracyMetric(this, outputs);
    }
}

/// <summary>The live <see cref="TopKAccuracy"/>.</summary>
internal sealed class TopKAccuracyMetric : WeightedMean
{
    private readonly long k;
    private readonly ClassReader reader;

    public TopKAccuracyMetric(TopKAccuracy options, long outputs) : base($"top-{options.K}-accuracy", MetricDirection.Rises)
    {
        k = options.K;
        reader = new(Subject, outputs, options.IgnoreIndex);
    }

    protected override Tensor Values(Tensor output, Tensor target)
    {
        var (scores, label) = reader.Align(output, target);                                        // [N, C, ...], [N, ...]
        var own = label.unsqueeze(1);                                                              // [N, 1, ...]
        var score = scores.gather(1, own.clamp(0, reader.Classes - 1));                            // [N, 1, ...]
        var index = arange(reader.Classes, device: scores.device)
            .view([reader.Classes, .. Enumerable.Repeat(1L, (int)scores.dim() - 2)]);              // [C, ...]

        // Counting those that don't rank higher, itself included, makes an error of a label whose score is NaN.
        var notHigher = scores.lt(score).logical_or(scores.eq(score).logical_and(index.ge(own))).sum([1]);   // [N, ...]
        return notHigher.gt(reader.Classes - k).logical_and(label.ge(0)).logical_and(label.lt(reader.Classes));
    }

    protected override Tensor? Counted(Tensor target) => reader.Counted(target);
}
