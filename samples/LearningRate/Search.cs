using System.Globalization;
using Digits;
using Microsoft.ML;
using MlComponents;
using MlComponents.MLNet;
using MlComponents.Reporting;

namespace LearningRate;

/// <summary>Finds a learning rate for a network that reads digits, draws how, and trains with it and with others.</summary>
internal static class Search
{
    private static readonly Mlp Network = new() { Hidden = [512, 256] };

    private static readonly TorchTrainerOptions Options = new() { Epochs = 3, BatchSize = 64, Seed = 1, Schedule = new OneCycle(), ValidationFraction = 0.1 };

    /// <summary>Writes <c>learning-rate.png</c> into a folder, and what it finds to <paramref name="output"/>.</summary>
    public static void Run(DigitData digits, string folder, TextWriter output)
    {
        var ml = new MLContext(seed: 1);
        var rows = DigitRow.ViewOf(ml, digits.Train);
        var labels = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows);

        var curve = ml.MulticlassClassification.Trainers.Torch(Network, Options).FindLearningRate(labels.Transform(rows));

        var (first, last) = (curve.Points[0], curve.Points[^1]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{curve.Points.Count} steps, from a rate of {first.Rate:0.#e0} with a loss of {first.Loss:0.00} to {last.Rate:0.#e0} with {last.Loss:0.00}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the loss falls fastest at {curve.Suggestion:0.#e0}"));
        var plot = Path.Combine(folder, "learning-rate.png");
        LearningRatePlot.Save(curve, plot);
        output.WriteLine($"plot: {plot}");

        foreach (var factor in new[] { 0.01, 1, 100 })
        {
            var rate = factor * curve.Suggestion;
            var trainer = ml.MulticlassClassification.Trainers.Torch(Network, Options with { Optimizer = new AdamW { LearningRate = rate } });
            var model = DigitNetworks.Pipeline(ml, trainer).Fit(rows);
            using (model as IDisposable)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"trained with {rate:0.#e0}, {factor} times that: {DigitEvaluation.Of(ml, model, digits.Test).Metrics.MicroAccuracy:0.0%} of the test digits are read"));
        }
    }
}
