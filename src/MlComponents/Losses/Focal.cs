using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Focal loss: cross-entropy in which what is easy counts little, <c>−(1 − p_t)^γ·log p_t</c>, where p_t is the probability of the truth.</summary>
/// <remarks>
/// <para>
/// After Lin et al., Focal Loss for Dense Object Detection, arXiv 1708.02002. By softmax, p_t is that of the target's class. By sigmoids,
/// <c>p_t = exp(−b)</c> with the binary cross-entropy b of each number.
/// </para>
/// <para>
/// Its elements are the pixels, [N, ...]; by sigmoids of several classes (<see cref="FocalMode.Multilabel"/>) the numbers of the target, [N, C, ...]; one versus
/// rest, a pixel has the mean over its classes. The mean divides by the number of elements, or by the sum of their weights.
/// </para>
/// </remarks>
public sealed record Focal : LossDefinition, IValidatableObject
{
    /// <summary>What the channels and targets mean. Default: <see cref="FocalMode.Multiclass"/>.</summary>
    [EnumDataType(typeof(FocalMode))]
    public FocalMode Mode { get; init; }

    /// <summary>The exponent γ: the larger, the less what is easy counts; 0 is cross-entropy. At least 0; default 2.</summary>
    [Range(0, double.MaxValue)]
    public double Gamma { get; init; } = 2;

    /// <summary>
    /// Weight α of the positives against 1 − α of the negatives, by sigmoids; the softmax has <see cref="ClassWeights"/>. At least 0 and at most 1; null, the
    /// default: both count once.
    /// </summary>
    [Range(0.0, 1.0)]
    public double? Alpha { get; init; }

    /// <summary>
    /// Threshold r of the reduced focal loss (arXiv 1903.01347): the factor is <c>((1 − p_t)/r)^γ</c>, and 1 where p_t is below r. Above 0 and at most 1; null,
    /// the default: the plain factor.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? ReducedThreshold { get; init; }

    /// <summary>
    /// Whether each loss is divided by the sum of the factors over the batch, at least 1e-6; by sigmoids of several classes, by that of its class. Such a loss
    /// depends on the whole batch. Default: false.
    /// </summary>
    public bool Normalized { get; init; }

    /// <summary>Weight of each class, as many as there are classes, each at least 0; not in binary mode. Null, the default: all 1.</summary>
    [ElementRange(0, double.MaxValue)]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <inheritdoc/>
    public override Loss Create(long outputs)
    {
        CheckClassWeights(ClassWeights, outputs);
        return new FocalLoss(this);
    }

    /// <summary>Alpha needs positives and negatives, class weights need classes.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mode == FocalMode.Multiclass && Alpha is not null)
            yield return new("Alpha weighs positives against negatives, which a softmax doesn't have: use ClassWeights, or another mode.");
        if (Mode == FocalMode.Binary && ClassWeights is not null)
            yield return new("ClassWeights need classes, which binary mode doesn't have: use Alpha, or another mode.");
    }
}

/// <summary>The live <see cref="Focal"/>: predictions and targets as <see cref="FocalMode"/> says.</summary>
internal sealed class FocalLoss : AdditiveLoss
{
    private const double SmallestSum = 1e-6;    // of the factors that normalize
    private const double SmallestMiss = 1e-12;  // of 1 − p_t, where the slope of a power below 1 would be infinite

    private readonly Tensor? classWeights;   // [C]
    private readonly Focal options;

    public FocalLoss(Focal options) : base(nameof(FocalLoss), options)
    {
        this.options = options;
        classWeights = Constants(nameof(classWeights), options.ClassWeights);
        RegisterComponents();
    }

    protected override void CheckShapes(Tensor prediction, Tensor target)
    {
        if (options.Mode is FocalMode.Multiclass or FocalMode.OneVersusRest)
            ClassLabels.CheckShapes(nameof(Focal), prediction, target, $", unless its Mode is {FocalMode.Multilabel} or {FocalMode.Binary}");
        else
            CheckSameShape(prediction, target);
        if (options.Mode != FocalMode.Binary)
            ClassLabels.CheckClassWeights(nameof(Focal), prediction, classWeights);
    }

    protected override Tensor Elements(Tensor x, Tensor target, Tensor? weight) => options.Mode switch
    {
        FocalMode.Multiclass => Softmax(x, target, weight),
        FocalMode.OneVersusRest => OneVersusRest(x, target, weight),
        _ => Sigmoids(x, target, weight),
    };

    protected override Tensor Weights(Tensor target)
    {
        if (options.Mode == FocalMode.Multiclass)
            return ClassLabels.Weights(target, classWeights, IgnoreIndex);                         // [N, ...]

        var counts = Counts(target, IgnoreIndex);                                                  // [N, ...]
        return options.Mode == FocalMode.Multilabel && classWeights is not null ? counts * PerClass(classWeights, counts) : counts;
    }

    private Tensor Softmax(Tensor x, Tensor target, Tensor? weight)
    {
        var b = ClassLabels.CrossEntropy(x, target, IgnoreIndex, nn.Reduction.None);               // [N, ...]
        var each = Focused(b, target, weight);                                                     // [N, ...]

        return classWeights is null ? each : each * Weights(target).to(x.dtype);
    }

    private Tensor OneVersusRest(Tensor x, Tensor target, Tensor? weight)
    {
        ClassLabels.CheckRange(x.shape[1], target, IgnoreIndex);
        var t = ClassLabels.OneHot(target, x.shape[1]).to(x.dtype);                                // [N, C, ...]
        var each = Binary(x, t, target, weight);                                                   // [N, C, ...]
        var mean = classWeights is null
            ? each.mean([1])
            : (each * PerClass(Divide(classWeights, classWeights.sum()), each)).sum(1);            // [N, ...]

        return IgnoreIndex is { } ignored ? mean.masked_fill(target.eq(ignored), 0) : mean;
    }

    private Tensor Sigmoids(Tensor x, Tensor target, Tensor? weight)
    {
        var t = target.to(x.dtype);                                                                // [N, ...]
        if (IgnoreIndex is { } index)
            t = t.masked_fill(target.eq(index), 0);
        var each = Binary(x, t, target, weight);                                                   // [N, ...]
        if (classWeights is not null)
            each = each * PerClass(classWeights, each);

        return IgnoreIndex is { } ignored ? each.masked_fill(target.eq(ignored), 0) : each;
    }

    /// <summary>The loss of each question of yes or no, t, about logits x of the same shape.</summary>
    private Tensor Binary(Tensor x, Tensor t, Tensor target, Tensor? weight)
    {
        var b = nn.functional.binary_cross_entropy_with_logits(x, t, weight: null, nn.Reduction.None);   // [N, ...]
        var each = Focused(b, target, weight);                                                     // [N, ...]

        return options.Alpha is { } alpha ? each * (alpha * t + (1 - alpha) * (1 - t)) : each;
    }

    /// <summary>Losses b = −log p_t times their factors: (1 − p_t)^γ, or reduced, and normalized where that is asked for.</summary>
    private Tensor Focused(Tensor b, Tensor target, Tensor? weight)
    {
        var p = (-b).exp();
        var miss = (1 - p).clamp_min(options.Gamma < 1 ? SmallestMiss : 0) / (options.ReducedThreshold ?? 1);
        var factors = miss.pow(options.Gamma);
        if (options.ReducedThreshold is { } r)
            factors = factors.masked_fill(p.lt(r), 1);

        return options.Normalized ? factors * b / Sum(factors, target, weight).clamp_min(SmallestSum) : factors * b;
    }

    /// <summary>The sum of the factors that count: over everything, or by sigmoids of several classes for each class, [1, C, 1, ...].</summary>
    private Tensor Sum(Tensor factors, Tensor target, Tensor? weight)
    {
        var counts = Counts(target, IgnoreIndex, weight).to(factors.dtype);                        // [N, ...]
        if (options.Mode is FocalMode.Multiclass or FocalMode.Binary)
            return (factors * counts).sum();                                                       // []

        if (options.Mode == FocalMode.OneVersusRest)
            counts = counts.unsqueeze(1);                                                          // [N, 1, ...]
        return (factors * counts).sum([0, .. Enumerable.Range(2, (int)factors.dim() - 2).Select(i => (long)i)], keepdim: true);
    }

    /// <summary>A number per class, [C], in the dtype and a shape that multiply [N, C, ...].</summary>
    private static Tensor PerClass(Tensor values, Tensor element) =>
        values.to(element.dtype).view([-1, .. Enumerable.Repeat(1L, (int)element.dim() - 2)]);
}
