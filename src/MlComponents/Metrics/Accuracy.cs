namespace MlComponents;

/// <summary>Share of examples whose class has the highest score: outputs [N, C], targets int64 [N]; a class index that a loss ignores counts as an error.</summary>
public sealed class Accuracy() : WeightedMean("accuracy", MetricDirection.Rises)
{
    /// <inheritdoc/>
    protected override Tensor Values(Tensor output, Tensor target) => output.argmax(1).eq(target);
}

/// <summary>Share of examples on the right side of a logit of 0: outputs [N], targets 0 or 1, [N].</summary>
public sealed class BinaryAccuracy() : WeightedMean("accuracy", MetricDirection.Rises)
{
    /// <inheritdoc/>
    protected override Tensor Values(Tensor output, Tensor target) => output.gt(0).eq(target.gt(0.5));
}
