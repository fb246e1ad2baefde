namespace MlComponents;

/// <summary>A loss of each number on its own: prediction and target have the same shape, [N, ...].</summary>
internal abstract class ElementwiseLoss(string name, LossDefinition options) : AdditiveLoss(name, options)
{
    /// <summary>The loss per element, or its mean over all of them.</summary>
    protected abstract Tensor Elements(Tensor x, Tensor t, nn.Reduction reduction);

    protected sealed override void CheckShapes(Tensor prediction, Tensor target) => CheckSameShape(prediction, target);

    protected sealed override Tensor? FusedMean(Tensor x, Tensor target) =>
        IgnoreIndex is null ? Elements(x, target.to(x.dtype), nn.Reduction.Mean) : null;

    protected sealed override Tensor Elements(Tensor x, Tensor target, Tensor? weight)
    {
        if (IgnoreIndex is not { } ignored)
            return Elements(x, target.to(x.dtype), nn.Reduction.None);                             // [N, ...]

        var mask = target.eq(ignored);                                                             // [N, ...]
        return Elements(x, target.to(x.dtype).masked_fill(mask, 0), nn.Reduction.None).masked_fill(mask, 0);   // [N, ...]
    }
}
