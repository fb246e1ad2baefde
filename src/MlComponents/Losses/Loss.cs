namespace MlComponents;

/// <summary>
/// A live loss: the mean <c>Σ wᵢ·lᵢ / Σ wᵢ</c> of a loss per element over a batch, with optional weights per example.
/// </summary>
/// <remarks>
/// A batch in which nothing counts (all weights zero, everything ignored) gives 0 with finite gradients. Because a loss also tells what its mean
/// divides by (<see cref="Normalizer"/>), a mean over all rows of a data set is exact whatever the batches were.
/// </remarks>
public abstract class Loss(string name) : nn.Module<Tensor, Tensor, Tensor?, Tensor>(name)
{
    /// <summary>The mean loss of a batch.</summary>
    /// <param name="prediction">Raw output of the network, floating point, e.g. [N, C].</param>
    /// <param name="target">What it should have been; shape and dtype are the loss's own.</param>
    /// <param name="weight">Weight of each example, float [N], at least 0; null for all ones.</param>
    /// <returns>A scalar, [].</returns>
    public abstract override Tensor forward(Tensor prediction, Tensor target, Tensor? weight);

    /// <summary>What the mean divides by: <c>Σ wᵢ</c> over the elements that count.</summary>
    /// <param name="target">As for <see cref="forward"/>.</param>
    /// <param name="weight">As for <see cref="forward"/>.</param>
    /// <returns>A scalar, [], on the target's device, never negative.</returns>
    public abstract Tensor Normalizer(Tensor target, Tensor? weight);

    /// <summary>A lower bound of what a mean divides by, so that nothing to count gives 0 and not NaN.</summary>
    protected const double SmallestWeight = 1e-12;

    /// <summary>The weights of examples, [N], in a shape that multiplies a value per element, [N, ...].</summary>
    protected static Tensor PerElement(Tensor weight, Tensor element) =>
        weight.view([weight.shape[0], .. Enumerable.Repeat(1L, (int)element.dim() - 1)]);

    /// <summary>The mean loss of a batch of equally weighted examples.</summary>
    /// <inheritdoc cref="forward"/>
    public Tensor call(Tensor prediction, Tensor target) => call(prediction, target, null);
}
