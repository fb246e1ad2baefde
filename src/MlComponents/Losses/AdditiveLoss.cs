namespace MlComponents;

/// <summary>A loss of each element on its own: batches add up to the exact mean over all rows.</summary>
internal abstract class AdditiveLoss(string name, LossDefinition options) : Loss(name, options.Reduction)
{
    /// <summary>The target of elements that don't count; null when all do.</summary>
    protected long? IgnoreIndex { get; } = options.IgnoreIndex;

    /// <exception cref="ArgumentException">Prediction and target don't fit together.</exception>
    protected abstract void CheckShapes(Tensor prediction, Tensor target);

    /// <summary>The loss of each element, times the loss's own weight of it, and 0 where it is ignored.</summary>
    /// <param name="x">The prediction, at least float32.</param>
    /// <param name="target">The target as it was given.</param>
    /// <param name="weight">Weights of the examples, [N], or null; multiplied by the caller, and here for a loss that is scaled by a sum over the batch.</param>
    /// <returns>[N, ...], of x's dtype.</returns>
    protected abstract Tensor Elements(Tensor x, Tensor target, Tensor? weight);

    /// <summary>The mean of the elements in one kernel, [], where nothing is ignored or weighted; null where there is no such kernel.</summary>
    protected virtual Tensor? FusedMean(Tensor x, Tensor target) => null;

    /// <summary>What each element adds to what the mean divides by: the loss's own weight of it, and 0 where it is ignored.</summary>
    /// <returns>Float64 [N, ...], in the shape of the elements.</returns>
    protected virtual Tensor Weights(Tensor target) => Counts(target, IgnoreIndex);

    protected sealed override Tensor Compute(Tensor prediction, Tensor target, Tensor? weight, Reduction reduction)
    {
        using var scope = NewDisposeScope();

        CheckShapes(prediction, target);
        var x = AtLeastFloat32(prediction);
        if (reduction == Reduction.Mean && weight is null && target.numel() > 0 && FusedMean(x, target) is { } mean)
            return mean.MoveToOuterDisposeScope();                                                 // [], the common case

        var each = Elements(x, target, weight);                                                    // [N, ...]
        if (weight is not null)
            each = each * PerElement(weight, each);                                                // [N, ...]

        return Reduce(each, Normalizer(target, weight), reduction).MoveToOuterDisposeScope();
    }

    public sealed override Tensor Normalizer(Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        var w = Weights(target);                                                                   // [N, ...]
        if (weight is not null)
            w = w * PerElement(weight, w);                                                         // [N, ...]

        return w.sum().MoveToOuterDisposeScope();                                                  // []
    }
}
