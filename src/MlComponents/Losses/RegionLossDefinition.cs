using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Describes a loss of how well predicted regions cover the true ones: <c>1 − score</c> of each class.</summary>
/// <remarks>
/// <para>
/// From probabilities o and targets t, sums over the pixels of the whole batch: <c>O = Σ o</c>, <c>T = Σ t</c>, and the overlap <c>I = Σ min(o, t)</c>, which
/// is <c>Σ o·t</c> where targets are 0 or 1. The score of these three is the loss's own. The definitions are those of segmentation-models-pytorch, which writes
/// <c>I = (O + T − Σ|o − t|)/2</c>.
/// </para>
/// <para>
/// Its elements are the classes; the mean divides by how many there are, or by the sum of their weights. A class that the batch hasn't, <c>T = 0</c>, has a
/// loss of 0 and still counts: nothing is said about what was predicted wrongly for it. Weights of examples multiply o and t of their pixels, and ignored
/// pixels have neither.
/// </para>
/// </remarks>
public abstract record RegionLossDefinition : LossDefinition, IValidatableObject
{
    private protected RegionLossDefinition()
    {
    }

    /// <summary>What the channels and targets mean. Default: <see cref="LabelMode.Multiclass"/>.</summary>
    [EnumDataType(typeof(LabelMode))]
    public LabelMode Mode { get; init; }

    /// <summary>Whether predictions are logits; probabilities where not, used as they are. Default: true.</summary>
    public bool FromLogits { get; init; } = true;

    /// <summary>Number s that is added above and below the score's line, so that small regions weigh less. At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public double Smoothing { get; init; }

    /// <summary>Smallest divisor, and smallest score of which a logarithm is taken. Above 0; default 1e-7.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-7;

    /// <summary>Whether the loss is <c>−log(score)</c> instead of <c>1 − score</c>. Default: false.</summary>
    public bool LogLoss { get; init; }

    /// <summary>The classes that count, by index, each at least 0; not in binary mode. Null, the default: all.</summary>
    [MinLength(1), ElementRange(0, int.MaxValue)]
    public IReadOnlyList<long>? Classes { get; init; }

    /// <summary>Weight of each class, in the order of <see cref="Classes"/> where these are given, each at least 0; not in binary mode. Null, the default: all 1.</summary>
    [ElementRange(0, double.MaxValue)]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    internal override bool TakesProbabilities => !FromLogits;

    /// <inheritdoc/>
    public override Loss Create(long outputs)
    {
        if (Classes?.FirstOrDefault(c => c >= outputs) is { } unknown and > 0)
            throw new ArgumentException($"{GetType().Name} is to count class {unknown}, but there are {outputs} classes: the largest is {outputs - 1}.");
        CheckClassWeights(ClassWeights, Classes?.Count ?? outputs);
        return new RegionLoss(this, WeightsOf(outputs));
    }

    /// <summary>Only what has several classes can choose and weigh them.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mode == LabelMode.Binary && (Classes ?? (object?)ClassWeights) is not null)
            yield return new("Classes and ClassWeights need classes, which binary mode doesn't have: use another mode.");
    }

    /// <summary>The score of classes, 1 for a perfect cover.</summary>
    /// <param name="overlap">I, [C].</param>
    /// <param name="predicted">O, [C].</param>
    /// <param name="actual">T, [C].</param>
    internal abstract Tensor Score(Tensor overlap, Tensor predicted, Tensor actual);

    /// <summary>What becomes of the reduced loss in the end; by default it stays as it is.</summary>
    internal virtual Tensor Finish(Tensor loss) => loss;

    /// <summary>The weight of every class, 0 for those that don't count; null when all count once.</summary>
    private double[]? WeightsOf(long classes)
    {
        if (Classes is null)
            return ClassWeights?.ToArray();

        var weights = new double[classes];
        for (var i = 0; i < Classes.Count; i++)
            weights[Classes[i]] += ClassWeights?[i] ?? 1;
        return weights;
    }
}

/// <summary>The live loss of regions: predictions and targets as <see cref="LabelMode"/> says.</summary>
internal sealed class RegionLoss : Loss
{
    private readonly Tensor? classWeights;   // [C], 0 for those that don't count
    private readonly RegionLossDefinition options;
    private readonly string kind;

    public RegionLoss(RegionLossDefinition options, double[]? classWeights) : base(nameof(RegionLoss), options.Reduction)
    {
        this.options = options;
        kind = options.GetType().Name;
        this.classWeights = Constants(nameof(classWeights), classWeights);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor prediction, Tensor target, Tensor? weight, Reduction reduction)
    {
        using var scope = NewDisposeScope();

        CheckShapes(prediction, target);
        var o = PerClass(Probabilities(AtLeastFloat32(prediction)));                               // [N, C, P]
        var t = PerClass(Targets(target, prediction)).to(o.dtype);                                 // [N, C, P]
        if (options.IgnoreIndex is not null || weight is not null)
        {
            var counts = Counts(target, options.IgnoreIndex, weight);                              // [N, ...]
            var w = PerClass(options.Mode == LabelMode.Multiclass ? counts.unsqueeze(1) : counts).to(o.dtype);   // [N, C or 1, P]
            (o, t) = (o * w, t * w);
        }
        var (predicted, actual) = (o.sum([0, 2]), t.sum([0, 2]));                                  // [C]
        var overlap = minimum(o, t).sum([0, 2]);                                                   // [C]; O + T - |o - t| would lose small regions to rounding
        var score = options.Score(overlap, predicted, actual);                                     // [C]
        var each = options.LogLoss ? -score.clamp_min(options.Epsilon).log() : 1 - score;          // [C]
        each = each.masked_fill(actual.le(0), 0);
        var weights = classWeights ?? AllCount(each.shape, each.device);                           // [C]

        return options.Finish(Reduce(each * weights.to(each.dtype), weights.sum(), reduction)).MoveToOuterDisposeScope();
    }

    /// <summary>The pixels that count, times the weights of their examples.</summary>
    public override Tensor Normalizer(Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();
        return Counts(target, options.IgnoreIndex, weight).sum().MoveToOuterDisposeScope();        // []
    }

    private Tensor Probabilities(Tensor x) => (options.FromLogits, options.Mode) switch
    {
        (false, _) => x,
        (_, LabelMode.Multiclass) => x.softmax(1),
        _ => x.sigmoid(),
    };

    private Tensor Targets(Tensor target, Tensor prediction)
    {
        if (options.Mode != LabelMode.Multiclass)
            return target;
        ClassLabels.CheckRange(prediction.shape[1], target, options.IgnoreIndex);
        return ClassLabels.OneHot(target, prediction.shape[1]);                                    // [N, C, ...]
    }

    /// <summary>Pixels in one dimension: [N, C, ...] as [N, C, P], and in binary mode [N, ...] as [N, 1, P].</summary>
    private Tensor PerClass(Tensor x)
    {
        if (options.Mode == LabelMode.Binary)
            x = x.unsqueeze(1);
        return x.dim() == 2 ? x.unsqueeze(2) : x.flatten(2);
    }

    private void CheckShapes(Tensor prediction, Tensor target)
    {
        if (options.Mode == LabelMode.Multiclass)
            ClassLabels.CheckShapes(kind, prediction, target, $", unless its Mode is {LabelMode.Multilabel} or {LabelMode.Binary}");
        else
            CheckSameShape(prediction, target);
        if (options.Mode == LabelMode.Multilabel && prediction.dim() < 2)
            throw new ArgumentException(
                $"The prediction has the shape {Shown.Shape(prediction.shape)}, but with several labels {kind} takes predictions and targets [N, C, ...].", nameof(prediction));
        if (options.Mode != LabelMode.Binary)
            ClassLabels.CheckClassWeights(kind, prediction, classWeights);
    }
}
