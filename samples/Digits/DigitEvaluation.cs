using Microsoft.ML;
using Microsoft.ML.Data;

namespace Digits;

/// <summary>Tests a model on digits, all of which it must know: ML.NET's evaluator leaves rows of other classes out without a word.</summary>
/// <param name="Scored">The digits in their order, with the columns <c>Label</c>, <c>Score</c> and <c>PredictedLabel</c>, computed once.</param>
/// <param name="Metrics">ML.NET's own metrics.</param>
/// <param name="Classes">The digits that the model knows, in the order of its scores.</param>
public sealed record DigitEvaluation(IDataView Scored, MulticlassClassificationMetrics Metrics, IReadOnlyList<int> Classes)
{
    /// <summary>Scores every digit once.</summary>
    /// <exception cref="InvalidDataException">The model doesn't know a digit, because its training had none.</exception>
    public static DigitEvaluation Of(MLContext ml, ITransformer model, DigitSet test)
    {
        var scored = model.Transform(DigitRow.ViewOf(ml, test));
        var classes = default(VBuffer<int>);
        scored.Schema["Label"].GetKeyValues(ref classes);
        MustKnow([.. classes.DenseValues()], test);

        var cached = ml.Data.Cache(scored, "Label", "Score", "PredictedLabel");
        return new DigitEvaluation(cached, ml.MulticlassClassification.Evaluate(cached), [.. classes.DenseValues()]);
    }

    /// <summary>Whether a model with such an output can be tested: it has keys of digits, scores, and digits that it read.</summary>
    public static bool Fits(DataViewSchema output) =>
        output.GetColumnOrNull("Label") is { Type: KeyDataViewType } label
        && label.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType values && values.ItemType == NumberDataViewType.Int32
        && output.GetColumnOrNull("Score")?.Type is VectorDataViewType
        && output.GetColumnOrNull("PredictedLabel")?.Type == NumberDataViewType.Int32;

    /// <summary>Refuses test digits that are none of the known ones.</summary>
    /// <exception cref="InvalidDataException">There are some.</exception>
    internal static void MustKnow(IReadOnlyCollection<int> known, DigitSet test)
    {
        var unknown = test.Labels.Where(label => !known.Contains(label)).CountBy(label => label).OrderBy(count => count.Key).ToList();
        if (unknown.Count > 0)
            throw new InvalidDataException(
                $"{unknown.Sum(count => count.Value)} of {test.Count} test digits are {string.Join(", ", unknown.Select(count => count.Key))}, which no training digit was: "
                + $"learn from all digits that are tested, or test {string.Join(", ", known.Order())} only.");
    }
}
