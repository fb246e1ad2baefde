using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Describes a loss and builds it.</summary>
/// <remarks>
/// <para>
/// Every loss adds up elements: numbers, pixels, examples or classes, as each says. Element i has a loss <c>lᵢ</c> and a weight <c>wᵢ</c>: that of its example,
/// times that of its class where the loss has class weights, and 1 where there are neither. <see cref="Reduction"/> says what becomes of them, and
/// <see cref="IgnoreIndex"/> which aren't there at all. An example of weight 0 isn't there either, provided that its numbers are
/// finite; one of weight 2 counts like two.
/// </para>
/// <para>
/// A loss of regions (<see cref="Dice"/> and its relatives, <see cref="LovaszSoftmax"/>) has classes for elements; there the examples' weights, and what is
/// ignored, hold for the pixels of which the regions are made. A batch in which nothing counts gives 0 with gradients of 0, never NaN. Everything is computed
/// in float32, or in float64 where the prediction has it, also when the prediction is in half precision.
/// </para>
/// </remarks>
public abstract record LossDefinition : ComponentDefinition
{
    /// <summary>
    /// The target that marks an element as not there: it counts neither in the sum nor in what the mean divides by nor in a region, and is never taken for a
    /// class. Where targets are probabilities over classes, an element is ignored when all of its probabilities equal this number. Any whole number; null, the
    /// default: every element counts.
    /// </summary>
    public long? IgnoreIndex { get; init; }

    /// <summary>What becomes of the losses of the elements. Default: <see cref="Reduction.Mean"/>.</summary>
    [EnumDataType(typeof(Reduction))]
    public Reduction Reduction { get; init; }

    /// <summary>Whether predictions are probabilities, and not the scores from which the loss makes them.</summary>
    internal virtual bool TakesProbabilities => false;

    /// <summary>The target that default metrics leave out.</summary>
    internal virtual long? Ignored => IgnoreIndex;

    /// <summary>How many numbers per example the network must return for as many of the target: the same, unless a loss says otherwise (<see cref="Quantile"/>).</summary>
    /// <param name="targets">Numbers per example that are to be predicted (the classes of a classifier), at least 1.</param>
    public virtual long OutputsFor(long targets) => targets;

    /// <summary>Builds the loss.</summary>
    /// <param name="outputs">Numbers per example that the network returns (the classes of a classifier), at least 1.</param>
    /// <exception cref="ArgumentException">The options don't fit that number, e.g. as many class weights as there are no classes.</exception>
    public abstract Loss Create(long outputs);

    /// <exception cref="ArgumentException">There are class weights, but not one for each class.</exception>
    private protected void CheckClassWeights(IReadOnlyList<double>? weights, long classes)
    {
        if (weights is not null && weights.Count != classes)
            throw new ArgumentException($"{GetType().Name} has {weights.Count} class weights, but there are {classes} classes: give one weight per class, in key order.");
    }
}
