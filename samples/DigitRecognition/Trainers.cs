using Digits;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using MlComponents;
using MlComponents.MLNet;
using MlComponents.Reporting;

namespace DigitRecognition;

/// <summary>The three models that can be compared: each is an ML.NET trainer.</summary>
internal static class Trainers
{
    private const double ValidationFraction = 0.1;

    private static readonly Mlp Mlp = new() { Hidden = [512, 256] };

    private static readonly ConvNet ConvNet = new()
    {
        InputShape = [1, DigitSet.Side, DigitSet.Side],
        Blocks = [new() { Channels = 16, Convolutions = 2 }, new() { Channels = 32, Convolutions = 2 }],
        Dropout = 0.3,
    };

    public static string[] Names { get; } = ["linear", "mlp", "convnet"];

    /// <summary>Trains the model that the settings name. A tenth of the rows is held back from it for validation.</summary>
    /// <param name="ml">The context, with the settings' seed.</param>
    /// <param name="settings">What to train.</param>
    /// <param name="train">The rows.</param>
    /// <param name="onTrainEnd">Sees the run of a network when it is over.</param>
    /// <param name="cancellationToken">Ends the training of a network with its best model so far.</param>
    public static ITransformer Fit(MLContext ml, TrainSettings settings, DigitSet train, Action<TrainEnd> onTrainEnd, CancellationToken cancellationToken)
    {
        var rows = DigitRow.ViewOf(ml, train);
        var options = new TorchTrainerOptions
        {
            BatchSize = Math.Clamp(train.Count / 10, 1, 128),
            Schedule = new Cosine(),
            Seed = settings.Seed,
            ValidationFraction = ValidationFraction,
            Callbacks =
            [
                new ProgressBar { Output = settings.Json ? ProgressOutput.StandardError : ProgressOutput.StandardOutput },
                new LambdaCallback { OnTrainEnd = onTrainEnd },
            ],
            CancellationToken = cancellationToken,
        };

        var trainers = ml.MulticlassClassification.Trainers;
        return settings.Network switch
        {
            "linear" => Pipeline(ml, trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { MaximumNumberOfIterations = settings.Epochs }))
                .Fit(ml.Data.Cache(ml.Data.TrainTestSplit(rows, ValidationFraction, seed: settings.Seed).TrainSet)),
            "mlp" => Pipeline(ml, trainers.Torch(Mlp, options with { Epochs = settings.Epochs ?? 10, Optimizer = new AdamW { LearningRate = 2e-3 } })).Fit(rows),
            _ => Pipeline(ml, trainers.Torch(ConvNet, options with { Epochs = settings.Epochs ?? 8, Optimizer = new AdamW { LearningRate = 3e-3 } })).Fit(rows),
        };
    }

    private static EstimatorChain<KeyToValueMappingTransformer> Pipeline(MLContext ml, IEstimator<ITransformer> trainer) =>
        new EstimatorChain<ITransformer>()
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Append(trainer)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
