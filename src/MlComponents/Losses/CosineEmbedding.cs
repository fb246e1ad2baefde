using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Pulls two embeddings together or pushes them apart: <c>1 − cos(a, b)</c> for a target of 1, <c>max(0, cos(a, b) − margin)</c> for −1.</summary>
/// <remarks>
/// Predictions are pairs, [N, 2, D], and targets 1 or −1, [N]. Its elements are the pairs; the mean divides by how many there are, or by the sum of their weights.
/// Under the root of each length stands an ε of 1e-12 more, as in PyTorch.
/// </remarks>
public sealed record CosineEmbedding : LossDefinition
{
    /// <summary>Cosine up to which a pair that is to differ costs nothing. At least -1 and at most 1; default 0.</summary>
    [Range(-1.0, 1.0)]
    public double Margin { get; init; }

    /// <inheritdoc/>
    public override Loss Create(long outputs) => new CosineEmbeddingLoss(this);
}

/// <summary>The live <see cref="CosineEmbedding"/>: pairs [N, 2, D] and targets [N], each 1, −1 or the ignored one.</summary>
internal sealed class CosineEmbeddingLoss(CosineEmbedding options) : AdditiveLoss(nameof(CosineEmbeddingLoss), options)
{
    private readonly double margin = options.Margin;

    protected override void CheckShapes(Tensor prediction, Tensor target)
    {
        if (prediction.dim() != 3 || prediction.shape[1] != 2 || target.dim() != 1 || target.shape[0] != prediction.shape[0])
            throw new ArgumentException(
                $"The prediction has the shape {Shown.Shape(prediction.shape)}, but the target {Shown.Shape(target.shape)}: CosineEmbedding takes pairs of embeddings [N, 2, D] and targets [N].");
        if (WrongTarget(target) is { } wrong)
            throw new ArgumentException(
                $"The target {wrong} is neither 1 nor -1{(IgnoreIndex is null ? "" : $" nor the ignored {IgnoreIndex}")}: "
                + "CosineEmbedding takes 1 for a pair that is alike and -1 for one that isn't.", nameof(target));
    }

    // Where the target is neither 1 nor −1, as the ignored one isn't as a rule, PyTorch gives 0.
    protected override Tensor Elements(Tensor x, Tensor target, Tensor? weight)
    {
        var each = nn.functional.cosine_embedding_loss(x.select(1, 0), x.select(1, 1), target, margin, nn.Reduction.None);   // [N]
        return IgnoreIndex is { } ignored ? each.masked_fill(target.eq(ignored), 0) : each;        // [N]
    }

    /// <summary>The first target that is neither 1, −1 nor ignored, or null; looked for on a CPU, where it costs nothing to wait.</summary>
    private double? WrongTarget(Tensor target)
    {
        if (target.device_type != DeviceType.CPU)
            return null;

        using var scope = NewDisposeScope();
        var right = target.eq(1).logical_or(target.eq(-1));
        var wrong = target.masked_select((IgnoreIndex is { } ignored ? right.logical_or(target.eq(ignored)) : right).logical_not());
        return wrong.numel() == 0 ? null : wrong[0].Number();
    }
}
