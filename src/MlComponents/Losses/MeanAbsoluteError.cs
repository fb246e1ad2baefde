namespace MlComponents;

/// <summary>Absolute error <c>|x − t|</c>; its gradient at 0 is 0.</summary>
/// <remarks>Its elements are the numbers of the target, [N, ...]; the mean divides by how many there are, or by the sum of their examples' weights.</remarks>
public sealed record MeanAbsoluteError : LossDefinition
{
    /// <inheritdoc/>
    public override Loss Create(long outputs) => new MeanAbsoluteErrorLoss(this);
}

/// <summary>The live <see cref="MeanAbsoluteError"/>: predictions and targets of the same shape, [N, ...].</summary>
internal sealed class MeanAbsoluteErrorLoss(MeanAbsoluteError options) : ElementwiseLoss(nameof(MeanAbsoluteErrorLoss), options)
{
    protected override Tensor Elements(Tensor x, Tensor t, nn.Reduction reduction) => nn.functional.l1_loss(x, t, reduction);
}
