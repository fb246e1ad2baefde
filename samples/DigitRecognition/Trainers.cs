using Digits;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using MlComponents;
using MlComponents.Reporting;

namespace DigitRecognition;

/// <summary>The models that can be compared: each is an ML.NET trainer.</summary>
internal static class Trainers
{
    /// <summary>ML.NET's own linear model, and every registered network.</summary>
    public static string[] Names { get; } = ["linear", .. ComponentRegistry.Default.Names<NetworkDefinition>()];

    /// <summary>Trains the model that the settings name. A tenth of the rows is held back from it for validation.</summary>
    /// <param name="ml">The context, with the settings' seed.</param>
    /// <param name="settings">What to train.</param>
    /// <param name="train">The rows.</param>
    /// <param name="onTrainEnd">Sees the run of a network when it is over.</param>
    /// <param name="cancellationToken">Ends the training of a network with its best model so far.</param>
    public static ITransformer Fit(MLContext ml, TrainSettings settings, DigitSet train, Action<TrainEnd> onTrainEnd, CancellationToken cancellationToken)
    {
        var rows = DigitRow.ViewOf(ml, train);
        if (settings.Network == "linear")
        {
            var linear = ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { MaximumNumberOfIterations = settings.Epochs });
            return DigitNetworks.Pipeline(ml, linear).Fit(ml.Data.Cache(ml.Data.TrainTestSplit(rows, testFraction: 0.1, seed: settings.Seed).TrainSet));
        }

        var progress = new ProgressBar { Output = settings.Json ? ProgressOutput.StandardError : ProgressOutput.StandardOutput };
        var torch = DigitNetworks.Trainer(ml, settings.Network, train.Count, settings.Seed, settings.Epochs, options => options with
        {
            Callbacks = [progress, new LambdaCallback { OnTrainEnd = onTrainEnd }], CancellationToken = cancellationToken,
        });
        return DigitNetworks.Pipeline(ml, torch).Fit(rows);
    }
}
