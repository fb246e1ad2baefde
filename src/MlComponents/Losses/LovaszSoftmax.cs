namespace MlComponents;

/// <summary>Lovász-softmax: the Jaccard loss of each class, made convex between whole pixels, so that its gradient leads to a better IoU.</summary>
/// <remarks>
/// <para>
/// After Berman et al., arXiv 1705.08790. For each class, pixels have errors <c>|[y = c] − p_c|</c>; sorted from the largest, each counts by how much the Jaccard
/// loss <c>1 − I/U</c> rises when it is taken for wrong after those before. Where probabilities are 0 and 1 this is the Jaccard loss itself.
/// </para>
/// <para>
/// Its elements are the classes that the batch has; the mean divides by how many these are. With <see cref="PerImage"/> they are the images, each with the mean
/// over the classes that it has, and the mean divides by the sum of their weights. Weights of examples are those of their pixels.
/// </para>
/// </remarks>
public sealed record LovaszSoftmax : LossDefinition
{
    /// <summary>Whether each image has a loss of its own, as when a metric is averaged over images. Default: false, one for all pixels of the batch.</summary>
    public bool PerImage { get; init; }

    /// <inheritdoc/>
    public override Loss Create(long outputs) => new LovaszSoftmaxLoss(this);
}

/// <summary>The live <see cref="LovaszSoftmax"/>: scores [N, C, ...] float and labels [N, ...] int64, each in [0, C) or the ignored one.</summary>
internal sealed class LovaszSoftmaxLoss(LovaszSoftmax options) : Loss(nameof(LovaszSoftmaxLoss), options.Reduction)
{
    private const double SmallestUnion = 1e-12;   // where nothing counts yet

    private readonly bool perImage = options.PerImage;
    private readonly long? ignoreIndex = options.IgnoreIndex;

    protected override Tensor Compute(Tensor prediction, Tensor target, Tensor? weight, Reduction reduction)
    {
        using var scope = NewDisposeScope();

        ClassLabels.CheckShapes(nameof(LovaszSoftmax), prediction, target);
        ClassLabels.CheckRange(prediction.shape[1], target, ignoreIndex);
        var p = AtLeastFloat32(prediction).softmax(1);                                             // [N, C, ...]
        var labels = Grouped(target);                                                              // [G, P]
        var w = Grouped(Counts(target, ignoreIndex, weight)).to(p.dtype);                          // [G, P]
        var truths = Enumerable.Range(0, (int)p.shape[1]).Select(c => labels.eq(c).to(p.dtype)).ToList();   // C times [G, P]
        var present = stack(truths.Select(truth => (truth * w).sum([1])), 1).gt(0);                // [G, C]
        var each = stack(truths.Select((truth, c) => Extension(truth, Grouped(p.select(1, c)), w)), 1).masked_fill(present.logical_not(), 0);   // [G, C]
        if (!perImage)
            return Reduce(each.squeeze(0), present.sum(), reduction).MoveToOuterDisposeScope();    // [] or [C]

        var weights = present.any(1).to(p.dtype);                                                  // [N], of images with something that counts
        if (weight is not null)
            weights = weights * PerElement(weight, weights);                                       // [N]
        var images = Divide(each.sum([1]), present.sum(1));                                        // [N]

        return Reduce(images * weights, weights.sum(), reduction).MoveToOuterDisposeScope();       // [] or [N]
    }

    /// <summary>The pixels that count, times the weights of their examples.</summary>
    public override Tensor Normalizer(Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();
        return Counts(target, ignoreIndex, weight).sum().MoveToOuterDisposeScope();                // []
    }

    /// <summary>The Lovász extension of the Jaccard loss of one class; what weighs 0 changes nothing.</summary>
    /// <param name="truth">1 for the pixels of the class, else 0, [G, P].</param>
    /// <param name="p">Their probabilities of the class, [G, P].</param>
    /// <param name="weight">How much each pixel counts, [G, P].</param>
    /// <returns>[G].</returns>
    private static Tensor Extension(Tensor truth, Tensor p, Tensor weight)
    {
        using var scope = NewDisposeScope();

        var (errors, order) = (truth - p).abs().sort(1, descending: true);                         // [G, P]
        var inside = (truth * weight).gather(1, order);                                            // [G, P]
        var outside = ((1 - truth) * weight).gather(1, order);                                     // [G, P]
        var size = inside.sum([1], keepdim: true);                                                 // [G, 1]
        var jaccard = 1 - (size - inside.cumsum(1)) / (size + outside.cumsum(1)).clamp_min(SmallestUnion);   // [G, P]
        var rise = jaccard.diff(dim: 1, prepend: zeros_like(size));                                // [G, P]

        return (errors * rise).sum([1]).MoveToOuterDisposeScope();                                 // [G]
    }

    /// <summary>One row per group of pixels that have a loss together: all of them, or an image's.</summary>
    private Tensor Grouped(Tensor x) => perImage ? x.reshape(x.shape[0], x.shape[1..].Aggregate(1L, (product, size) => product * size)) : x.reshape(1, x.numel());
}
