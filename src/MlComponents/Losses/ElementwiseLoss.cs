namespace MlComponents;

/// <summary>A loss of each number on its own: prediction and target have the same shape, [N, ...].</summary>
internal abstract class ElementwiseLoss(string name) : Loss(name)
{
    /// <summary>The loss per element, or its mean over all of them.</summary>
    protected abstract Tensor Elements(Tensor prediction, Tensor target, nn.Reduction reduction);

    public sealed override Tensor forward(Tensor prediction, Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        if (!prediction.shape.SequenceEqual(target.shape))   // libtorch would broadcast [N, 1] against [N]
            throw new ArgumentException($"The prediction has the shape {Show(prediction)}, but the target {Show(target)}: they must be the same.");

        var x = AtLeastFloat32(prediction);
        var t = target.to(x.dtype);
        if (weight is null && t.numel() > 0)
            return Elements(x, t, nn.Reduction.Mean).MoveToOuterDisposeScope();           // [], the common case in one kernel

        var each = Elements(x, t, nn.Reduction.None);                                     // [N, ...]
        var sum = weight is null ? each.sum() : (each * PerElement(weight, each)).sum();           // []

        return Mean(sum, Normalizer(target, weight)).MoveToOuterDisposeScope();
    }

    public sealed override Tensor Normalizer(Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        var count = weight is null
            ? tensor((double)target.numel(), device: target.device)
            : weight.sum(ScalarType.Float64) * (target.numel() / Math.Max(1, weight.shape[0]));

        return count.MoveToOuterDisposeScope();                                                    // []
    }
}
