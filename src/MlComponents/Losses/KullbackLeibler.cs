namespace MlComponents;

/// <summary>Kullback–Leibler divergence of predicted class distributions from target ones: <c>Σ_c t_c·(log t_c − log softmax(x)_c)</c>.</summary>
/// <remarks>
/// Predictions are logits and targets probabilities, both [N, C, ...]. Its elements are the examples, each with the sum over its positions; the mean divides by N,
/// or by the examples' weights (PyTorch's <c>batchmean</c>). A position whose probabilities all equal <see cref="LossDefinition.IgnoreIndex"/> adds nothing,
/// and an example without any other position doesn't count.
/// </remarks>
public sealed record KullbackLeibler : LossDefinition
{
    /// <inheritdoc/>
    public override Loss Create(long outputs) => new KullbackLeiblerLoss(this);
}

/// <summary>The live <see cref="KullbackLeibler"/>: logits and probabilities [N, C, ...] of the same shape.</summary>
internal sealed class KullbackLeiblerLoss(KullbackLeibler options) : AdditiveLoss(nameof(KullbackLeiblerLoss), options)
{
    protected override void CheckShapes(Tensor prediction, Tensor target)
    {
        if (prediction.dim() < 2 || !prediction.shape.SequenceEqual(target.shape))
            throw new ArgumentException(
                $"The prediction has the shape {Shown.Shape(prediction.shape)}, but the target {Shown.Shape(target.shape)}: KullbackLeibler takes logits and probabilities of the same shape, [N, C, ...].");
    }

    protected override Tensor Elements(Tensor x, Tensor target, Tensor? weight)
    {
        var t = target.to(x.dtype);                                                                // [N, C, ...]
        if (IgnoreIndex is not null)
            t = t.masked_fill(Ignored(target), 0);                                                 // [N, C, ...], what weighs 0 adds 0

        return nn.functional.kl_div(x.log_softmax(1), t, log_target: false, nn.Reduction.None).flatten(1).sum(1);   // [N]
    }

    protected override Tensor Weights(Tensor target) => IgnoreIndex is null
        ? AllCount([target.shape[0]], target.device)                                               // [N]
        : Ignored(target).logical_not().flatten(1).any(1).to(ScalarType.Float64);                  // [N]

    /// <summary>Which positions consist of the ignored number; [N, 1, ...].</summary>
    private Tensor Ignored(Tensor target) => target.eq(IgnoreIndex!.Value).all(dim: 1, keepdim: true);
}
