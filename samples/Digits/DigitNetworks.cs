using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlComponents;
using MlComponents.MLNet;

namespace Digits;

/// <summary>The networks that read digits, how they learn, and the pipeline around them.</summary>
public static class DigitNetworks
{
    private static readonly long[] Picture = [1, DigitSet.Side, DigitSet.Side];

    private static readonly Mlp Mlp = new() { Hidden = [512, 256] };

    private static readonly ConvNet ConvNet = new()
    {
        InputShape = Picture,
        Blocks = [new() { Channels = 16, Convolutions = 2 }, new() { Channels = 32, Convolutions = 2 }],
        Dropout = 0.3,
    };

    /// <summary>An ML.NET trainer of the network of that name.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="network"><c>mlp</c>, <c>convnet</c>, or the name of any other registered network or preset, e.g. <c>resnet18</c>.</param>
    /// <param name="rows">Training rows, of which a tenth is held back for validation.</param>
    /// <param name="seed">Seed of the training.</param>
    /// <param name="epochs">Passes over the rows; null for the network's own number: 10 for the MLP, 8 for the convnet, 3 for others.</param>
    /// <param name="attach">Adds what belongs to the run: callbacks, a cancellation token.</param>
    /// <exception cref="ComponentException">No network has that name.</exception>
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
            _ => trainers.Torch(ForDigits(network), options with { Epochs = epochs ?? 3, Optimizer = new AdamW { LearningRate = 1e-3 } }),
        };
    }

    /// <summary>
    /// A registered network, with what pictures so small need: their shape, and a stem that keeps all of their pixels. MobileNet's running estimates follow
    /// ten times as fast as they do by default, because the training is short.
    /// </summary>
    private static NetworkDefinition ForDigits(string name)
    {
        var definition = ComponentJson.Read<NetworkDefinition>(JsonSerializer.Serialize(name));
        return definition switch
        {
            ResNet network => network with { InputShape = Picture, Stem = ResNetStem.Cifar },
            MobileNetV3 network => network with { InputShape = Picture, StemStride = 1, Normalization = new BatchNorm { Epsilon = 1e-3, Momentum = 0.1 } },
            TabularResNet or TransformerClassifier => definition,   // to them the pixels are columns of numbers
            _ => definition with { InputShape = Picture },
        };
    }

    /// <summary>Labels to keys, the trainer, keys to labels.</summary>
    public static EstimatorChain<KeyToValueMappingTransformer> Pipeline(MLContext ml, IEstimator<ITransformer> trainer) =>
        new EstimatorChain<ITransformer>()
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Append(trainer)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
