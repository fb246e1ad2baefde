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

    private static readonly NetworkDefinition Mlp = new Mlp { Hidden = [512, 256] };

    private static readonly NetworkDefinition ConvNet = new ConvNet
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
    /// <param name="epochs">Passes over the rows; null for <see cref="EpochsOf"/> the network.</param>
    /// <param name="attach">Adds what belongs to the run: callbacks, a cancellation token.</param>
    /// <param name="recipe">How it is trained: one of <see cref="DigitRecipes.Names"/>.</param>
    /// <exception cref="ComponentException">No network has that name.</exception>
    public static TorchTrainer Trainer(
        MLContext ml, string network, int rows, int seed, int? epochs, Func<TorchTrainerOptions, TorchTrainerOptions> attach, string recipe = DigitRecipes.Plain)
    {
        var (definition, learningRate) = network switch
        {
            "mlp" => (Mlp, 2e-3),
            "convnet" => (ConvNet, 3e-3),
            _ => (ForDigits(network), 1e-3),
        };
        var plain = new TorchTrainerOptions
        {
            Epochs = epochs ?? EpochsOf(network), BatchSize = Math.Clamp(rows / 10, 1, 128), Optimizer = new AdamW { LearningRate = learningRate }, Schedule = new Cosine(),
            Seed = seed, ValidationFraction = 0.1,
        };
        return ml.MulticlassClassification.Trainers.Torch(definition, attach(DigitRecipes.Apply(recipe, definition, plain)));
    }

    /// <summary>Passes over the rows unless others are asked for: 10 for the MLP, 8 for the convnet, 3 for other networks.</summary>
    public static int EpochsOf(string network) => network switch
    {
        "mlp" => 10,
        "convnet" => 8,
        _ => 3,
    };

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
