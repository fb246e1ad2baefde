namespace MlComponents;

/// <summary>
/// Mixes each example with another one of its batch, and gives it that one's label beside its own. A label has the weight of its example times its share in the mix.
/// </summary>
internal abstract class MixingAugmentation(double alpha, double probability) : Augmentation
{
    public sealed override Batch Apply(Batch batch, ExampleRandom random)
    {
        if (batch.OtherLabel is not null)
            throw new ArgumentException("The examples of this batch are mixed already, and each can have two labels only: list one augmentation that mixes.", nameof(batch));
        using var scope = NewDisposeScope();

        var u = random.Uniform(4);                                                                 // [N, 4]
        var others = Others(u.select(1, 0));                                                       // [N]
        var drawn = SymmetricBeta.From(u.select(1, 1), u.select(1, 2), alpha);                     // [N]
        var share = drawn.masked_fill(u.select(1, 3).ge(probability), 1);                          // [N]
        var (features, kept) = Mix(batch.Features, batch.Features.index_select(0, others), share, random);
        var weight = batch.Weight ?? ones(batch.Count);                                            // [N]

        return batch
            .Set(Batch.OtherLabelName, batch.Label.index_select(0, others))
            .Set(Batch.OtherWeightName, (1 - kept) * weight.index_select(0, others))
            .Set(Batch.WeightName, kept * weight)
            .Set(Batch.FeaturesName, features);
    }

    /// <summary>Mixes features.</summary>
    /// <param name="features">[N, ...].</param>
    /// <param name="others">Those to mix in, [N, ...].</param>
    /// <param name="share">How much each example is to keep of itself, from 0 to 1, [N].</param>
    /// <param name="random">More random numbers for each.</param>
    /// <returns>The mixed features, [N, ...], and how much each did keep, [N]; in the caller's dispose scope.</returns>
    protected abstract (Tensor Features, Tensor Kept) Mix(Tensor features, Tensor others, Tensor share, ExampleRandom random);

    /// <summary>
    /// Who is mixed with whom: each with the next one in the order of random numbers, and the last with the first. So each example is mixed in once, and the order of
    /// the batch doesn't matter.
    /// </summary>
    /// <param name="uniform">A random number for each, [N].</param>
    /// <returns>int64 [N].</returns>
    internal static Tensor Others(Tensor uniform)
    {
        using var scope = NewDisposeScope();

        var order = uniform.argsort();                                                             // [N]

        return empty_like(order).scatter_(0, order, order.roll(-1, 0)).MoveToOuterDisposeScope();  // [N]
    }

    /// <exception cref="ArgumentException">The examples have no label.</exception>
    public static void CheckLabel(string owner, IReadOnlyDictionary<string, long[]> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        if (!shapes.ContainsKey(Batch.LabelName))
            throw new ArgumentException($"{owner} mixes labels too, but the rows have no tensor '{Batch.LabelName}'; they have {string.Join(", ", shapes.Keys)}.", nameof(shapes));
    }
}
