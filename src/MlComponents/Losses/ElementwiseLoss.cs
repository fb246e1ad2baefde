namespace MlComponents;

/// <summary>A loss of each number on its own: prediction and target have as many elements.</summary>
internal abstract class ElementwiseLoss(string name) : Loss(name)
{
    /// <summary>The loss per element, or its mean over all of them.</summary>
    protected abstract Tensor Elements(Tensor prediction, Tensor target, nn.Reduction reduction);

    public sealed override Tensor forward(Tensor prediction, Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        var t = target.to(prediction.dtype);
        if (weight is null)
            return Elements(prediction, t, nn.Reduction.Mean).MoveToOuterDisposeScope();           // []

        var each = Elements(prediction, t, nn.Reduction.None);                                     // [N, ...]
        var total = (each * PerElement(weight, each)).sum();                                       // []

        return (total / Normalizer(target, weight).clamp_min(SmallestWeight)).MoveToOuterDisposeScope();
    }

    public sealed override Tensor Normalizer(Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        var count = weight is null
            ? tensor((double)target.numel(), device: target.device)
            : weight.sum() * (target.numel() / weight.shape[0]);

        return count.MoveToOuterDisposeScope();                                                    // []
    }
}
