namespace MlComponents;

/// <summary>
/// A live loss: the mean <c>Σ wᵢ·lᵢ / Σ wᵢ</c> of a loss per element over a batch, with optional weights per example.
/// </summary>
/// <remarks>
/// A batch in which nothing counts (no examples, all weights zero, everything ignored) gives 0 with finite gradients. Because a loss also tells
/// what its mean divides by (<see cref="Normalizer"/>), a mean over all rows of a data set is exact whatever the batches were.
/// </remarks>
public abstract class Loss(string name) : nn.Module<Tensor, Tensor, Tensor?, Tensor>(name)
{
    /// <summary>The mean loss of a batch.</summary>
    /// <param name="prediction">Raw output of the network, floating point, e.g. [N, C].</param>
    /// <param name="target">What it should have been; shape and dtype are the loss's own.</param>
    /// <param name="weight">Weight of each example, float [N], at least 0; null for all ones.</param>
    /// <returns>A scalar, [], of the prediction's dtype, but at least float32.</returns>
    /// <exception cref="ArgumentException">The shapes don't fit together.</exception>
    public abstract override Tensor forward(Tensor prediction, Tensor target, Tensor? weight);

    /// <summary>What the mean divides by: <c>Σ wᵢ</c> over the elements that count.</summary>
    /// <param name="target">As for <see cref="forward"/>.</param>
    /// <param name="weight">As for <see cref="forward"/>.</param>
    /// <returns>A scalar, [], float64 on the target's device, never negative.</returns>
    public abstract Tensor Normalizer(Tensor target, Tensor? weight);

    /// <summary>The mean loss of a batch of equally weighted examples.</summary>
    /// <inheritdoc cref="forward"/>
    public Tensor call(Tensor prediction, Tensor target) => call(prediction, target, null);

    /// <summary>A prediction in float32 where it is narrower: a loss in half precision would round what it is to measure.</summary>
    protected static Tensor AtLeastFloat32(Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return prediction.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? prediction.to(ScalarType.Float32) : prediction;
    }

    /// <summary>A sum divided by its normalizer, and 0 with a gradient of 0 where that is 0.</summary>
    /// <param name="sum">The weighted sum of the losses, [].</param>
    /// <param name="normalizer">As from <see cref="Normalizer"/>, [].</param>
    protected static Tensor Mean(Tensor sum, Tensor normalizer)
    {
        ArgumentNullException.ThrowIfNull(sum);
        ArgumentNullException.ThrowIfNull(normalizer);
        using var scope = NewDisposeScope();

        var none = normalizer.eq(0);                                                               // []
        var mean = sum / normalizer.masked_fill(none, 1).to(sum.dtype);                            // []

        return mean.masked_fill(none, 0).MoveToOuterDisposeScope();                                // []
    }

    /// <summary>The weights of examples, [N], in a shape that multiplies a value per element, [N, ...].</summary>
    /// <exception cref="ArgumentException">There isn't one weight per example.</exception>
    protected static Tensor PerElement(Tensor weight, Tensor element)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(element);
        if (weight.dim() != 1 || weight.shape[0] != element.shape[0])
            throw new ArgumentException($"The weights have the shape {Show(weight)}, but there are {element.shape[0]} examples: give one weight per example, [{element.shape[0]}].");

        return weight.view([weight.shape[0], .. Enumerable.Repeat(1L, (int)element.dim() - 1)]);
    }

    /// <summary>A tensor's shape for a message.</summary>
    private protected static string Show(Tensor x) => $"[{string.Join(", ", x.shape)}]";
}
