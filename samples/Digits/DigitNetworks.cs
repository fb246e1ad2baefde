using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlComponents;
using MlComponents.MLNet;

namespace Digits;

/// <summary>The networks that read digits, how they learn, and the pipeline around them.</summary>
public static class DigitNetworks
{
    private static readonly Mlp Mlp = new() { Hidden = [512, 256] };

    private static readonly ConvNet ConvNet = new()
    {
        InputShape = [1, DigitSet.Side, DigitSet.Side],
        Blocks = [new() { Channels = 16, Convolutions = 2 }, new() { Channels = 32, Convolutions = 2 }],
        Dropout = 0.3,
    };

    /// <summary>An ML.NET trainer of the network of that name.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="network"><c>mlp</c> or <c>convnet</c>.</param>
    /// <param name="rows">Training rows, of which a tenth is held back for validation.</param>
    /// <param name="seed">Seed of the training.</param>
    /// <param name="epochs">Passes over the rows; null for the network's own number, 10 or 8.</param>
    /// <param name="attach">Adds what belongs to the run: callbacks, a cancellation token.</param>
    public static TorchTrainer Trainer(MLContext ml, string network, int rows, int seed, int? epochs, Func<TorchTrainerOptions, TorchTrainerOptions> attach)
    {
        var options = attach(new TorchTrainerOptions
        {
            BatchSize = Math.Clamp(rows / 10, 1, 128), Schedule = new Cosine(), Seed = seed, ValidationFraction = 0.1,
        });

        var trainers = ml.MulticlassClassification.Trainers;
        return network switch
        {
            "mlp" => trainers.Torch(Mlp, options with { Epochs = epochs ?? 10, Optimizer = new AdamW { LearningRate = 2e-3 } }),
            "convnet" => trainers.Torch(ConvNet, options with { Epochs = epochs ?? 8, Optimizer = new AdamW { LearningRate = 3e-3 } }),
            _ => throw new ArgumentException($"There is no network '{network}'; allowed are mlp and convnet.", nameof(network)),
        };
    }

    /// <summary>Labels to keys, the trainer, keys to labels.</summary>
    public static EstimatorChain<KeyToValueMappingTransformer> Pipeline(MLContext ml, IEstimator<ITransformer> trainer) =>
        new EstimatorChain<ITransformer>()
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Append(trainer)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
