namespace MlComponents;

/// <summary>
/// A live loss: what a batch's prediction is from its target, as one number to minimise, with optional weights per example.
/// </summary>
/// <remarks>
/// The elements of a loss, their weights and the reduction are those of its <see cref="LossDefinition"/>. A batch in which nothing counts (no examples, all
/// weights zero, everything ignored) gives 0 with finite gradients.
/// </remarks>
public abstract class Loss : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    /// <param name="name">Name of the module.</param>
    /// <param name="reduction">What <see cref="forward"/> makes of the elements' losses.</param>
    protected Loss(string name, Reduction reduction = Reduction.Mean) : base(name) => Reduction = reduction;

    /// <summary>What <see cref="forward"/> makes of the elements' losses.</summary>
    public Reduction Reduction { get; }

    /// <summary>The named terms of which this loss is the weighted sum, in order; none when it is one.</summary>
    public virtual IReadOnlyList<LossTerm> Terms => [];

    /// <summary>The loss of a batch.</summary>
    /// <param name="prediction">Raw output of the network, floating point, e.g. [N, C].</param>
    /// <param name="target">What it should have been; shape and dtype are the loss's own.</param>
    /// <param name="weight">Weight of each example, float [N], at least 0; null for all ones.</param>
    /// <returns>A scalar, [], or with <see cref="Reduction.None"/> a number per element; of the prediction's dtype, but at least float32.</returns>
    /// <exception cref="ArgumentException">The shapes don't fit together.</exception>
    public sealed override Tensor forward(Tensor prediction, Tensor target, Tensor? weight) => Compute(prediction, target, weight, Reduction);

    /// <summary>The loss of a batch of equally weighted examples.</summary>
    /// <inheritdoc cref="forward"/>
    public Tensor call(Tensor prediction, Tensor target) => call(prediction, target, null);

    /// <summary>The mean loss of a batch, whatever the <see cref="Reduction"/> is.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>A scalar, [], of the prediction's dtype, but at least float32.</returns>
    public virtual Tensor Mean(Tensor prediction, Tensor target, Tensor? weight) => Compute(prediction, target, weight, Reduction.Mean);

    /// <summary>How much a batch weighs in a mean over several: <c>Σ wᵢ</c> over what the target has that counts.</summary>
    /// <remarks>
    /// For a loss of each element on its own this is what its mean divides by, so that batches add up to the exact mean over all rows. A loss that looks at the
    /// elements of a batch together (regions, the hardest pixels) has no such mean: there the batches are averaged with this weight.
    /// </remarks>
    /// <param name="target">As for <see cref="forward"/>.</param>
    /// <param name="weight">As for <see cref="forward"/>.</param>
    /// <returns>A scalar, [], float64 on the target's device, never negative.</returns>
    public abstract Tensor Normalizer(Tensor target, Tensor? weight);

    /// <summary>The loss of a batch with a given reduction.</summary>
    /// <param name="prediction">As for <see cref="forward"/>.</param>
    /// <param name="target">As for <see cref="forward"/>.</param>
    /// <param name="weight">As for <see cref="forward"/>.</param>
    /// <param name="reduction">What to make of the elements' losses.</param>
    /// <returns>As from <see cref="forward"/>.</returns>
    protected abstract Tensor Compute(Tensor prediction, Tensor target, Tensor? weight, Reduction reduction);

    /// <summary>A prediction in float32 where it is narrower: a loss in half precision would round what it is to measure.</summary>
    protected static Tensor AtLeastFloat32(Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return prediction.AtLeastFloat32();
    }

    /// <summary>What a reduction makes of the weighted losses of elements.</summary>
    /// <param name="each">The weighted losses <c>wᵢ·lᵢ</c>, of any shape.</param>
    /// <param name="divisor">What the mean divides by, <c>Σ wᵢ</c>, [].</param>
    /// <param name="reduction">The reduction.</param>
    protected static Tensor Reduce(Tensor each, Tensor divisor, Reduction reduction)
    {
        ArgumentNullException.ThrowIfNull(each);
        return reduction switch
        {
            Reduction.None => each,
            Reduction.Sum => each.sum(),
            _ => Divide(each.sum(), divisor),
        };
    }

    /// <summary>Sums divided by what their means divide by, and 0 with a gradient of 0 where that is 0.</summary>
    /// <param name="sum">The weighted sum of the losses, [...].</param>
    /// <param name="divisor">As many divisors, [...].</param>
    protected static Tensor Divide(Tensor sum, Tensor divisor)
    {
        ArgumentNullException.ThrowIfNull(sum);
        ArgumentNullException.ThrowIfNull(divisor);
        using var scope = NewDisposeScope();

        var none = divisor.eq(0);                                                                  // [...]
        var mean = sum / divisor.masked_fill(none, 1).to(sum.dtype);                               // [...]

        return mean.masked_fill(none, 0).MoveToOuterDisposeScope();                                // [...]
    }

    /// <summary>The weights of examples, [N], in the dtype and a shape that multiply a value per element, [N, ...].</summary>
    /// <exception cref="ArgumentException">There isn't one weight per example.</exception>
    protected static Tensor PerElement(Tensor weight, Tensor element)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(element);
        if (weight.dim() != 1 || weight.shape[0] != element.shape[0])
            throw new ArgumentException($"The weights have the shape {Shown.Shape(weight.shape)}, but there are {element.shape[0]} examples: give one weight per example, [{element.shape[0]}].");

        return weight.to(element.dtype).view([weight.shape[0], .. Enumerable.Repeat(1L, (int)element.dim() - 1)]);
    }

    /// <summary>How much each number of a target counts: 0 where it is ignored, else the weight of its example.</summary>
    /// <returns>Float64, in the shape of the target.</returns>
    internal static Tensor Counts(Tensor target, long? ignored, Tensor? weight = null)
    {
        var counts = ignored is { } index ? target.ne(index).to(ScalarType.Float64) : AllCount(target.shape, target.device);
        return weight is null ? counts : counts * PerElement(weight, counts);
    }

    /// <summary>Ones of a shape, float64, that take no memory.</summary>
    internal static Tensor AllCount(long[] shape, Device device) => ones([], ScalarType.Float64, device).expand(shape);

    /// <summary>Numbers of a definition as a buffer, float64, which moves with the loss; null where there are none.</summary>
    /// <param name="name">Name of the field that keeps the result.</param>
    /// <param name="values">The numbers.</param>
    private protected Tensor? Constants(string name, IReadOnlyList<double>? values)
    {
        if (values is null)
            return null;
        var constants = tensor(values.ToArray(), ScalarType.Float64).DetachFromDisposeScope();
        register_buffer(name, constants);   // TorchSharp leaves one that isn't persistent on its old device
        return constants;
    }

    /// <exception cref="ArgumentException">Prediction and target have different shapes.</exception>
    private protected static void CheckSameShape(Tensor prediction, Tensor target)
    {
        if (!prediction.shape.SequenceEqual(target.shape))   // libtorch would broadcast [N, 1] against [N]
            throw new ArgumentException($"The prediction has the shape {Shown.Shape(prediction.shape)}, but the target {Shown.Shape(target.shape)}: they must be the same.");
    }
}
