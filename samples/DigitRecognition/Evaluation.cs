using System.Diagnostics;
using Digits;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitRecognition;

/// <summary>What a model makes of test digits.</summary>
/// <param name="Metrics">ML.NET's own metrics.</param>
/// <param name="Classes">The classes that the model knows, in the order of the confusion matrix.</param>
/// <param name="Mistakes">Every digit that it got wrong, the surest first.</param>
/// <param name="Rows">Number of test digits.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record Evaluation(
    MulticlassClassificationMetrics Metrics, IReadOnlyList<string> Classes, IReadOnlyList<Mistake> Mistakes, int Rows, double Seconds)
{
    /// <summary>Scores every digit once.</summary>
    /// <inheritdoc cref="DigitEvaluation.Of"/>
    public static Evaluation Of(MLContext ml, ITransformer model, DigitSet test)
    {
        var started = Stopwatch.GetTimestamp();
        var (scored, metrics, classes) = DigitEvaluation.Of(ml, model, test);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        var mistakes = scored.GetColumn<int>("PredictedLabel")
            .Zip(scored.GetColumn<float[]>("Score"), (predicted, scores) => (predicted, scores))
            .Select((row, i) => new Mistake(i, test.Labels[i], row.predicted, row.scores.Max()))
            .Where(row => row.Truth != row.Predicted)
            .OrderByDescending(row => row.Confidence);
        return new Evaluation(metrics, [.. classes.Select(digit => $"{digit}")], [.. mistakes], test.Count, seconds);
    }
}

/// <summary>A digit that was read as another one.</summary>
/// <param name="Row">Its number among the test digits, from 0.</param>
/// <param name="Truth">What it is.</param>
/// <param name="Predicted">What it was read as.</param>
/// <param name="Confidence">Probability that the model gave to that, 0 to 1.</param>
internal readonly record struct Mistake(int Row, int Truth, int Predicted, float Confidence);
