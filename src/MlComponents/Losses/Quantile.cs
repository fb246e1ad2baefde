using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>The pinball loss of quantiles: <c>max(q·(t − x), (q − 1)·(t − x))</c>, smallest where a share q of the targets lies below x.</summary>
/// <remarks>
/// After Koenker and Bassett, Regression Quantiles, Econometrica 46, 1978. With one quantile, predictions and targets have the same shape, [N, ...], and the
/// elements are their numbers. With Q of them the network returns a number per quantile, [N, Q], in the order of <see cref="Quantiles"/>, against one target per
/// example, [N] or [N, 1]; the elements are all N·Q of them. <see cref="Objective.Regression"/> gives the network that many outputs
/// (<see cref="NetworkContext.Outputs"/>). The mean divides by the number of elements, or by the sum of their examples' weights.
/// </remarks>
public sealed record Quantile : LossDefinition
{
    /// <summary>The quantiles, 1 to 1,000 of them, each 0.0001 to 0.9999. Default: the median alone, <c>[0.5]</c>, which is half the absolute error.</summary>
    [Length(1, 1000), ElementRange(0.0001, 0.9999)]
    public IReadOnlyList<double> Quantiles { get; init; } = [0.5];

    /// <summary>One output per quantile of each target.</summary>
    /// <inheritdoc/>
    public override long OutputsFor(long targets) => targets * Quantiles.Count;

    /// <inheritdoc/>
    public override Loss Create(long outputs)
    {
        if (Quantiles.Count > 1 && Quantiles.Count != outputs)
            throw new ArgumentException($"Quantile has {Quantiles.Count} quantiles, but the network returns {outputs} numbers per example: it must return one per quantile.");
        return new QuantileLoss(this);
    }
}

/// <summary>The live <see cref="Quantile"/>: predictions [N, Q] and targets [N] or [N, 1]; of the same shape, [N, ...], with one quantile.</summary>
internal sealed class QuantileLoss : AdditiveLoss
{
    private readonly Tensor quantiles;   // [Q]

    public QuantileLoss(Quantile options) : base(nameof(QuantileLoss), options)
    {
        quantiles = Constants(nameof(quantiles), options.Quantiles)!;
        RegisterComponents();
    }

    protected override void CheckShapes(Tensor prediction, Tensor target)
    {
        var count = quantiles.shape[0];
        if (count == 1 && prediction.shape.SequenceEqual(target.shape))
            return;
        if (prediction.dim() != 2 || prediction.shape[1] != count || target.shape is not ([_] or [_, 1]) || target.shape[0] != prediction.shape[0])
            throw new ArgumentException(
                $"The prediction has the shape {Shown.Shape(prediction.shape)}, but the target {Shown.Shape(target.shape)}: Quantile takes predictions [N, {count}], one per quantile, "
                + $"and targets [N] or [N, 1]{(count == 1 ? ", or both of the same shape" : "")}.");
    }

    protected override Tensor Elements(Tensor x, Tensor target, Tensor? weight)
    {
        var t = PerQuantile(target, x.shape);                                                      // [N, Q]
        var error = t.to(x.dtype) - x;                                                             // [N, Q]
        var q = quantiles.to(x.dtype);                                                             // [Q]
        var each = maximum(q * error, (q - 1) * error);                                            // [N, Q]

        return IgnoreIndex is { } ignored ? each.masked_fill(t.eq(ignored), 0) : each;
    }

    protected override Tensor Weights(Tensor target) =>
        Counts(quantiles.shape[0] == 1 ? target : target.view(-1, 1).expand(-1, quantiles.shape[0]), IgnoreIndex);

    private static Tensor PerQuantile(Tensor target, long[] shape) => target.shape.SequenceEqual(shape) ? target : target.view(-1, 1).expand(shape);
}
