using Digits;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using MlComponents;
using MlComponents.MLNet;

namespace DigitRecognition;

/// <summary>The models that can be compared: each is an ML.NET trainer.</summary>
internal static class Trainers
{
    /// <summary>The name of ML.NET's own model.</summary>
    public const string Linear = "linear";

    private static readonly Dictionary<string, TrainingPrecision> PrecisionsByName = new()
    {
        ["float32"] = TrainingPrecision.Float32,
        ["bfloat16"] = TrainingPrecision.BFloat16Mixed,
    };

    /// <summary>ML.NET's own linear model, and every registered network.</summary>
    public static string[] Names { get; } = [Linear, .. ComponentRegistry.Default.Names<NetworkDefinition>()];

    /// <summary>The numbers in which a network can be trained.</summary>
    public static string[] Precisions { get; } = [.. PrecisionsByName.Keys];

    /// <summary>Trains the model that the settings name. A tenth of the rows is held back from it for validation.</summary>
    /// <param name="ml">The context, with the settings' seed.</param>
    /// <param name="settings">What to train.</param>
    /// <param name="train">The rows.</param>
    /// <param name="attach">Adds to the options of a network what belongs to the run: callbacks, checkpoints, a cancellation token.</param>
    public static ITransformer Fit(MLContext ml, RunSettings settings, DigitSet train, Func<TorchTrainerOptions, TorchTrainerOptions> attach)
    {
        var rows = DigitRow.ViewOf(ml, train);
        if (settings.Network == Linear)
        {
            var linear = ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { MaximumNumberOfIterations = settings.Epochs });
            return DigitNetworks.Pipeline(ml, linear).Fit(ml.Data.Cache(ml.Data.TrainTestSplit(rows, testFraction: 0.1, seed: settings.Seed).TrainSet));
        }

        var torch = DigitNetworks.Trainer(ml, settings.Network, train.Count, settings.Seed, settings.Epochs, recipe: settings.Recipe, attach: options =>
            attach(settings.Precision is { } precision ? options with { Precision = PrecisionsByName[precision] } : options));
        return DigitNetworks.Pipeline(ml, torch).Fit(rows);
    }
}
