using MlComponents.Tests.Training;
using static MlComponents.Tests.Data.AugmentationExamples;

namespace MlComponents.Tests.Data;

/// <summary>Augmentations in a run.</summary>
[TestClass]
public sealed class AugmentedTrainingTests
{
    private static readonly Mlp Images = new() { Hidden = [4], InputShape = Shape };

    [TestMethod]
    public void Fit_WithEach_LearnsOtherWeightsThanWithout()
    {
        using var data = Flat(labels: 3);
        var plain = Weights();
        foreach (var definition in All)
        {
            var augmented = Weights(definition);

            CollectionAssert.AreNotEqual(plain, augmented, definition.ToString());
            CollectionAssert.AreEqual(augmented, Weights(definition), definition.ToString());
        }

        float[] Weights(params AugmentationDefinition[] augmentations)
        {
            using var result = new Trainer(Blobs.Options with { Epochs = 1, Augmentations = augmentations }).Fit(Images, Objective.Multiclass(3), data);
            return [.. result.Network.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
        }
    }

    [TestMethod]
    public void Fit_WithValidationRows_LeavesThoseAsTheyAre()
    {
        using var data = Flat(labels: 3);
        var still = Blobs.Options with { Epochs = 1, Optimizer = new Sgd { LearningRate = 1e-30 } };

        Assert.AreEqual(Loss(still), Loss(still with { Augmentations = [new RandomErasing { Probability = 1, Value = 9 }, new MixUp()] }));

        double Loss(TrainerOptions options)
        {
            using var result = new Trainer(options).Fit(Images, Objective.Multiclass(3), data, data);
            return result.History[^1].Metrics["validation/loss"];
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Fit_OfMixedExamples_LearnsWhatTheyAre(bool isBinary)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var x = randn(200, 2, generator: generator);
        var label = x.select(1, 0).gt(0).to(isBinary ? ScalarType.Float32 : ScalarType.Int64);
        using var data = new TensorDataset(x, label, ones(200));
        using var objective = isBinary ? Objective.Binary() : Objective.Multiclass(2);

        using var result = new Trainer(Blobs.Options with { Epochs = 10, Augmentations = [new MixUp { Alpha = 1 }] }).Fit(Blobs.Network, objective, data, data);

        Assert.IsGreaterThan(0.95, result.History[^1].Metrics["validation/accuracy"]);
        Assert.IsGreaterThan(1.5 * result.History[^1].Metrics["validation/loss"], result.History[^1].Metrics["train/loss"], "mixed examples can't be told for sure");
    }

    [TestMethod]
    public void Fit_OfFlatRowsByANetworkWithoutAnInputShape_FailsBeforeTheFirstStep()
    {
        using var data = Flat(labels: 3);
        var options = Blobs.Options with { Augmentations = [new RandomFlip()], Callbacks = [new LambdaCallback { OnTrainStart = _ => throw new AssertFailedException("the run began") }] };

        var error = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(options).Fit(new Mlp(), Objective.Multiclass(3), data));

        Assert.AreEqual("RandomFlip needs examples of shape [C, H, W], but these have the shape [144]: set InputShape of the network, e.g. [1, 28, 28], or leave it out.", error.Message);
    }

    /// <summary>Images as flat rows.</summary>
    private static TensorDataset Flat(int labels)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        return new TensorDataset(rand([48, 2 * 9 * 8], generator: generator), arange(48).remainder(labels));
    }
}
