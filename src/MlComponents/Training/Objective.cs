namespace MlComponents;

/// <summary>What a network did with a batch.</summary>
/// <param name="Loss">The loss to minimise, a scalar, [].</param>
/// <param name="Output">Raw output of the network for the metrics, [N, ...]; the first where it has several.</param>
public readonly record struct ObjectiveStep(Tensor Loss, Tensor Output)
{
    /// <summary>The named terms of which the loss is made, scalars without their weights; empty when it is one.</summary>
    public IReadOnlyDictionary<string, Tensor> Terms { get; init; } = System.Collections.Frozen.FrozenDictionary<string, Tensor>.Empty;
}

/// <summary>What a task means: how a batch goes through the network, what the loss is, which metrics are of interest.</summary>
public abstract class Objective : IDisposable
{
    /// <summary>Numbers per example that the network must return.</summary>
    public abstract long Outputs { get; }

    /// <summary>
    /// The terms that every step in eval mode has, by name, with the weights with which they add up to its loss; empty when it is one. They are known before the
    /// first step. In train mode there may be others.
    /// </summary>
    public virtual IReadOnlyDictionary<string, double> Terms => System.Collections.Frozen.FrozenDictionary<string, double>.Empty;

    /// <summary>Whether training minimises the sum of the rows' losses (<see cref="Reduction.Sum"/>) instead of their mean, so that batches add up. Default: false.</summary>
    public virtual bool IsSum => false;

    /// <summary>What is minimised, where that is known as data: a run that goes on from a checkpoint warns where it is another.</summary>
    public virtual LossDefinition? Minimised => null;

    /// <summary>What the outputs mean. Default: <see cref="TaskKind.Other"/>.</summary>
    public virtual TaskKind Kind => TaskKind.Other;

    /// <summary>The label that counts nowhere; null where there is none, or none that is known.</summary>
    public long? IgnoredLabel => Minimised?.Ignored;

    /// <summary>Runs a batch through the network and computes the loss; in eval mode a mean, whatever the loss's <see cref="Reduction"/> is.</summary>
    /// <returns>Tensors in the caller's dispose scope.</returns>
    public abstract ObjectiveStep Step(nn.Module network, Batch batch);

    /// <summary>How much the batch weighs in the mean of a loss over all rows (<see cref="Loss.Normalizer"/>), so that batches add up to an exact one.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="term">One of <see cref="Terms"/>; null where there are none.</param>
    /// <returns>A scalar in the caller's dispose scope.</returns>
    public abstract Tensor Normalizer(Batch batch, string? term = null);

    /// <summary>Fresh metrics for one pass over the validation rows.</summary>
    public abstract IReadOnlyList<Metric> CreateMetrics();

    /// <summary>Moves what the objective holds to a device.</summary>
    public abstract void To(Device device);

    /// <summary>One of several classes: labels are class indices, int64 [N]; the network returns a score per class, [N, classes].</summary>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="loss">Null: <see cref="CrossEntropy"/>.</param>
    /// <param name="metrics">What is measured on the validation rows besides the loss, each name once. Null: <see cref="Accuracy"/>, without the labels that the loss ignores.</param>
    public static Objective Multiclass(long classes, LossDefinition? loss = null, IReadOnlyList<MetricDefinition>? metrics = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return new SupervisedObjective(TaskKind.Multiclass, classes, loss ?? new CrossEntropy(), Fresh(classes, metrics ?? [new Accuracy { IgnoreIndex = loss?.Ignored }]));
    }

    /// <summary>Yes or no: labels are 1 or 0, float32 [N]; the network returns a logit, [N, 1].</summary>
    /// <param name="loss">Of logits. Null: <see cref="BinaryCrossEntropy"/>.</param>
    /// <param name="metrics">As for <see cref="Multiclass"/>. Null: <see cref="BinaryAccuracy"/>, without the labels that the loss ignores.</param>
    /// <exception cref="ArgumentException">The loss takes probabilities: metrics and predictions, which are yes above 0, wouldn't know.</exception>
    public static Objective Binary(LossDefinition? loss = null, IReadOnlyList<MetricDefinition>? metrics = null)
    {
        if (loss is { TakesProbabilities: true })
            throw new ArgumentException(
                $"{loss.GetType().Name} takes probabilities, FromLogits = false, but the network of this task returns a logit, which is yes above 0: "
                + "leave FromLogits true, and the sigmoid out of the network.", nameof(loss));
        return new SupervisedObjective(TaskKind.Binary, 1, loss ?? new BinaryCrossEntropy(), Fresh(1, metrics ?? [new BinaryAccuracy { IgnoreIndex = loss?.Ignored }]));
    }

    /// <summary>A number: labels are float32 [N]; the network returns [N, 1], or [N, Q] where the loss is of Q <see cref="Quantile"/>s.</summary>
    /// <param name="loss">Null: <see cref="MeanSquaredError"/>.</param>
    /// <param name="metrics">As for <see cref="Multiclass"/>. Null: <see cref="MeanError"/>, absolute and root mean squared, without the targets that the loss ignores; none for several quantiles.</param>
    public static Objective Regression(LossDefinition? loss = null, IReadOnlyList<MetricDefinition>? metrics = null)
    {
        var outputs = loss?.OutputsFor(1) ?? 1;
        var error = new MeanError { IgnoreIndex = loss?.Ignored };
        return new SupervisedObjective(TaskKind.Regression, 1, loss ?? new MeanSquaredError(), Fresh(outputs, metrics ?? (outputs == 1 ? [error, error with { Power = 2 }] : [])));
    }

    /// <summary>One of several classes for each pixel: labels are class indices, int64 [N, H, W]; the network returns a score per class and pixel, [N, classes, H, W].</summary>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="loss">Null: <see cref="CrossEntropy"/>.</param>
    /// <param name="ignoreIndex">A label whose pixels count neither in a loss that ignores no other, nor in the metrics where these are null. Null: that of the loss.</param>
    /// <param name="metrics">As for <see cref="Multiclass"/>. Null: <see cref="PixelAccuracy"/> and <see cref="MeanIoU"/>, without the ignored label.</param>
    public static Objective Segmentation(
        long classes, LossDefinition? loss = null, long? ignoreIndex = null, IReadOnlyList<MetricDefinition>? metrics = null)
    {
        ignoreIndex ??= loss?.Ignored;
        loss ??= new CrossEntropy();
        return Multiclass(
            classes, loss with { IgnoreIndex = loss.IgnoreIndex ?? ignoreIndex },
            metrics ?? [new PixelAccuracy { IgnoreIndex = ignoreIndex }, new MeanIoU { IgnoreIndex = ignoreIndex }]);
    }

    /// <summary>Frees what the objective holds.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the objective holds.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Builds metrics whenever they are asked for; their options are checked here.</summary>
    private static Func<IReadOnlyList<Metric>> Fresh(long outputs, IReadOnlyList<MetricDefinition> definitions)
    {
        foreach (var definition in definitions)
            definition.Validate();
        return () => [.. definitions.Select(definition => definition.Create(outputs))];
    }
}
