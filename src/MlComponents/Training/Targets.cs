namespace MlComponents;

/// <summary>
/// What the predictions of a batch are compared with. An example that was mixed of two has two labels, each with a weight of its own: it counts as two examples of one
/// prediction, so that any loss of it is <c>λ·l(ŷ, y) + (1 − λ)·l(ŷ, y')</c>.
/// </summary>
/// <param name="Label">[N, ...], or [2N, ...] of mixed examples.</param>
/// <param name="Weight">As many weights, or null when all are 1.</param>
/// <param name="IsMixed">Whether each prediction is compared with two labels.</param>
internal readonly record struct Targets(Tensor Label, Tensor? Weight, bool IsMixed)
{
    /// <summary>The targets of a batch, in the caller's dispose scope where they aren't the batch's own tensors.</summary>
    public static Targets Of(Batch batch) => batch.OtherLabel is { } other
        ? new(cat([batch.Label, other]), cat([batch[Batch.WeightName], batch[Batch.OtherWeightName]]), IsMixed: true)
        : new(batch.Label, batch.Weight, IsMixed: false);

    /// <summary>The predictions, [N, ...], one per label.</summary>
    public Tensor Compared(Tensor prediction) => IsMixed ? cat([prediction, prediction]) : prediction;
}
