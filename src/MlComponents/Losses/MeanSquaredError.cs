namespace MlComponents;

/// <summary>Squared error <c>(x − t)²</c> of each number.</summary>
public sealed record MeanSquaredError : LossDefinition
{
    /// <inheritdoc/>
    public override Loss Create(long outputs) => new MeanSquaredErrorLoss();
}

/// <summary>The live <see cref="MeanSquaredError"/>: predictions and targets of the same shape to a scalar.</summary>
internal sealed class MeanSquaredErrorLoss() : ElementwiseLoss(nameof(MeanSquaredErrorLoss))
{
    protected override Tensor Elements(Tensor prediction, Tensor target, nn.Reduction reduction) =>
        nn.functional.mse_loss(prediction, target, reduction);
}
