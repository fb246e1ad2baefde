using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A sum of named losses of the same prediction and target: <c>Σ wₖ·lossₖ</c>.</summary>
/// <remarks>
/// Each term is logged by itself, without its weight, as <c>train/loss/term</c> and <c>validation/loss/term</c>; the latter is a metric that can be monitored.
/// <c>validation/loss</c> is the weighted sum of the terms' means over all rows. <see cref="LossDefinition.IgnoreIndex"/> holds for every term that has none of
/// its own, and <see cref="Reduction.Sum"/> makes every term a sum; with <see cref="Reduction.Mean"/> each has its own reduction.
/// </remarks>
public sealed record WeightedSum : LossDefinition, IValidatableObject
{
    /// <summary>The terms, 1 to 32 of them, each with a name of its own. Default: <see cref="CrossEntropy"/> and <see cref="Dice"/>, each once.</summary>
    [Length(1, 32)]
    public IReadOnlyList<WeightedTerm> Terms { get; init; } =
        [new() { Term = "cross-entropy", Loss = new CrossEntropy() }, new() { Term = "dice", Loss = new Dice() }];

    internal override bool TakesProbabilities => Terms.Any(term => term.Loss.TakesProbabilities);

    /// <summary>Its own, or what all of its terms ignore.</summary>
    internal override long? Ignored => IgnoreIndex ?? (Terms.Select(term => term.Loss.IgnoreIndex).Distinct().ToList() is [var all] ? all : null);

    /// <summary>The most that a term needs.</summary>
    /// <inheritdoc/>
    public override long OutputsFor(long targets) => Terms.Max(term => term.Loss.OutputsFor(targets));

    /// <inheritdoc/>
    public override Loss Create(long outputs)
    {
        if (Terms.GroupBy(term => term.Term).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"WeightedSum has {twice.Count()} terms '{twice.Key}': give each a name of its own, under which it is logged.");
        return new WeightedSumLoss(this, [.. Terms.Select(term => new LossTerm(term.Term, term.Weight, Inner(term.Loss).Create(outputs)))]);
    }

    /// <summary>Only numbers can be added: no term may be a number per element, nor a sum of other terms, which belong here.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Reduction == Reduction.None)
            yield return new("Reduction is None; allowed are Mean and Sum, as only numbers can be added.");
        foreach (var (i, term) in Terms.Index())
        {
            if (term.Loss.Reduction == Reduction.None)
                yield return new($"Terms[{i}].Loss.Reduction is None; allowed are Mean and Sum, as only numbers can be added.");
            if (term.Loss is WeightedSum)
                yield return new($"Terms[{i}].Loss is a WeightedSum; list its terms here, so that each is logged.");
        }
    }

    private LossDefinition Inner(LossDefinition loss) => loss with
    {
        IgnoreIndex = loss.IgnoreIndex ?? IgnoreIndex,
        Reduction = Reduction == Reduction.Sum ? Reduction.Sum : loss.Reduction,
    };
}

/// <summary>The live <see cref="WeightedSum"/>: predictions and targets as all of its terms take them.</summary>
internal sealed class WeightedSumLoss : Loss
{
    private readonly ModuleList<Loss> losses;
    private readonly LossTerm[] terms;

    public WeightedSumLoss(WeightedSum options, LossTerm[] terms) : base(nameof(WeightedSumLoss), options.Reduction)
    {
        this.terms = terms;
        losses = nn.ModuleList([.. terms.Select(term => term.Loss)]);
        RegisterComponents();
    }

    public override IReadOnlyList<LossTerm> Terms => terms;

    public override Tensor Mean(Tensor prediction, Tensor target, Tensor? weight) => Sum(loss => loss.Mean(prediction, target, weight));

    // The reduction is in the terms already.
    protected override Tensor Compute(Tensor prediction, Tensor target, Tensor? weight, Reduction reduction) => Sum(loss => loss.call(prediction, target, weight));

    /// <summary>That of the first term; each has its own, by which an exact mean over several batches is formed.</summary>
    public override Tensor Normalizer(Tensor target, Tensor? weight) => terms[0].Loss.Normalizer(target, weight);

    private Tensor Sum(Func<Loss, Tensor> value)
    {
        using var scope = NewDisposeScope();
        return terms.Select(term => value(term.Loss).Times(term.Weight)).Aggregate((a, b) => a.Plus(b)).MoveToOuterDisposeScope();   // []
    }
}
