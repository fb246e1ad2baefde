namespace MlComponents;

/// <summary>Squared error <c>(x − t)²</c>.</summary>
/// <remarks>Its elements are the numbers of the target, [N, ...]; the mean divides by how many there are, or by the sum of their examples' weights.</remarks>
public sealed record MeanSquaredError : LossDefinition
{
    /// <inheritdoc/>
    public override Loss Create(long outputs) => new MeanSquaredErrorLoss(this);
}

/// <summary>The live <see cref="MeanSquaredError"/>: predictions and targets of the same shape, [N, ...].</summary>
internal sealed class MeanSquaredErrorLoss(MeanSquaredError options) : ElementwiseLoss(nameof(MeanSquaredErrorLoss), options)
{
    protected override Tensor Elements(Tensor x, Tensor t, nn.Reduction reduction) => nn.functional.mse_loss(x, t, reduction);
}
