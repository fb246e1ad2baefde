using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Training;

[TestClass]
public sealed class FreezingTests
{
    private static readonly Mlp Network = new() { Hidden = [8, 8], Normalization = new BatchNorm(), Dropout = 0.2 };

    private static readonly Freeze[] FirstLayer = [new("layers.linear1.*"), new("layers.norm1.*")];

    [TestMethod]
    public void Fit_WithFrozenParameters_LeavesThemAndTheirStatisticsToTheBit()
    {
        using var initial = Initial();

        using var result = Fit(Options with { Freeze = FirstLayer });

        CollectionAssert.AreEqual(
            new[] { "layers.linear2.weight", "layers.norm2.bias", "layers.norm2.num_batches_tracked", "layers.norm2.running_mean", "layers.norm2.running_var", "layers.norm2.weight",
                "layers.output.bias", "layers.output.weight" },
            Moved(initial, result.Network));
    }

    [TestMethod]
    public void Fit_WithoutFrozenParameters_MovesAll()
    {
        using var initial = Initial();

        using var result = Fit(Options);

        Assert.HasCount(initial.state_dict().Count, Moved(initial, result.Network));
    }

    [TestMethod]
    public void Fit_WithAFreezeUntilAnEpoch_MovesThemFromTheNextOn()
    {
        using var initial = Initial();
        var moved = new List<int>();
        var watch = new LambdaCallback { OnEpochEnd = e => moved.Add(Moved(initial, e.Run.Network).Length) };

        using var result = Fit(Options with { Epochs = 3, Freeze = [.. FirstLayer.Select(freeze => freeze with { UntilEpoch = 2 })], Callbacks = [watch] });

        CollectionAssert.AreEqual(new[] { 8, 8, 14 }, moved);
    }

    [TestMethod]
    public void Fit_WithAFreezeFromAnEpoch_StopsThemThere()
    {
        var states = new List<byte[]>();
        var outputs = new List<byte[]>();
        var watch = new LambdaCallback
        {
            OnEpochEnd = e =>
            {
                var state = e.Run.Network.state_dict();
                states.Add([.. FirstLayerNames.SelectMany(name => state[name].bytes.ToArray())]);
                outputs.Add(state["layers.output.weight"].bytes.ToArray());
            },
        };

        using var result = Fit(Options with { Epochs = 3, Optimizer = new Sgd { Momentum = 0.9, WeightDecay = 0.1 }, Freeze = [.. FirstLayer.Select(freeze => freeze with { FromEpoch = 2 })], Callbacks = [watch] });

        CollectionAssert.AreEqual(states[0], states[1]);
        CollectionAssert.AreEqual(states[0], states[2]);
        CollectionAssert.AreNotEqual(outputs[1], outputs[2]);
    }

    [TestMethod]
    public void Fit_WithFrozenParameters_MeasuresAndClipsTheNormOfTheOthers()
    {
        using var scope = NewDisposeScope();
        var norms = new List<(double Said, double Learning)>();
        var learning = 0.0;
        var watch = new LambdaCallback
        {
            OnBackwardEnd = e =>
            {
                Assert.IsTrue(e.Run.Network.named_parameters().Where(pair => pair.name.Contains('1')).All(pair => pair.parameter.grad is null && !pair.parameter.requires_grad));
                learning = Math.Sqrt(e.Run.Network.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.grad!.square().sum().item<float>()));
            },
            OnStepEnd = e => norms.Add((e.GradientNorm!.Value, learning)),
        };

        using var result = Fit(Options with { Freeze = FirstLayer, MaxGradientNorm = 1e-3, Callbacks = [watch] });

        Assert.HasCount(20, norms);
        foreach (var (said, expected) in norms)
            Assert.AreEqual(expected, said, 1e-5 * expected);
    }

    [TestMethod]
    public void Fit_WithFrozenParameters_GivesThemBackAsTheyWereBuilt()
    {
        var built = Network.Create(NetworkContext.Of([2], Blobs.Classes));
        built.named_parameters().First(pair => pair.name == "layers.linear2.weight").parameter.requires_grad = false;

        using var training = Blobs.Create(160, seed: 1);
        using var result = new Trainer(Options with { Freeze = FirstLayer }).Fit(_ => built, Objective.Multiclass(Blobs.Classes), training);

        CollectionAssert.AreEqual(new[] { "layers.linear2.weight" }, result.Network.named_parameters().Where(pair => !pair.parameter.requires_grad).Select(pair => pair.name).ToArray());
    }

    [TestMethod]
    public void TrainMode_WithAFrozenBlock_LeavesAllInsideItInEvalMode()
    {
        using var network = nn.Sequential(
            ("body", nn.Sequential(("linear", nn.Linear(2, 2)), ("norm", nn.BatchNorm1d(2, affine: false)), ("dropout", nn.Dropout()))), ("dropout", nn.Dropout()), ("head", nn.Linear(2, 2)));
        using var freezing = new Freezing(network, [new("body.*")], epochs: 1);
        freezing.Apply(1);

        freezing.TrainMode();

        CollectionAssert.AreEquivalent(new[] { "body", "body.linear", "body.norm", "body.dropout" }, network.named_modules().Where(pair => !pair.module.training).Select(pair => pair.name).ToArray());
    }

    [TestMethod]
    public void Fit_WithAPatternThatMeansNothing_SaysWhichParametersThereAre()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Fit(Options with { Freeze = [new("layers.linaer1.*")] }).Dispose());

        StringAssert.Contains(error.Message, "The pattern 'layers.linaer1.*' means none of the parameters");
        StringAssert.Contains(error.Message, "layers.linear1.weight");
    }

    [TestMethod]
    [DataRow(1, null, 1)]
    [DataRow(3, 4, 3)]
    public void Fit_WithNothingThatLearnsInAnEpoch_NamesIt(int from, int? until, int expected)
    {
        Freeze[] freezes = [new("*.weight") { FromEpoch = from, UntilEpoch = until }, new("*.bias")];

        var error = Assert.ThrowsExactly<ArgumentException>(() => Fit(Options with { Epochs = 5, Freeze = freezes }).Dispose());

        Assert.AreEqual($"Nothing learns in epoch {expected}: '*.weight', '*.bias' together freeze all parameters of the network: leave some out, or let each have its own epochs.", error.Message);
    }

    [TestMethod]
    public void Fit_WithAllFrozenOneAfterTheOther_Learns()
    {
        Freeze[] freezes = [new("*.weight") { UntilEpoch = 1 }, new("*.bias") { FromEpoch = 2 }];

        using var result = Fit(Options with { Freeze = freezes });

        Assert.HasCount(2, result.History);
    }

    [TestMethod]
    public void Validate_OfAFreezeThatEndsBeforeItBegins_SaysSo()
    {
        var error = Assert.ThrowsExactly<ValidationException>((Options with { Freeze = [new("a.*") { FromEpoch = 3, UntilEpoch = 2 }] }).Validate);

        StringAssert.Contains(error.Message, "UntilEpoch is 2, but FromEpoch is 3: 'a.*' would never be frozen");
    }

    private static readonly string[] FirstLayerNames = ["layers.linear1.weight", "layers.norm1.weight", "layers.norm1.bias", "layers.norm1.running_mean", "layers.norm1.running_var", "layers.norm1.num_batches_tracked"];

    private static TrainerOptions Options => Blobs.Options with { Epochs = 2, Optimizer = new AdamW { LearningRate = 1e-2, WeightDecay = 0.1 } };

    /// <summary>The weights that a run begins with.</summary>
    private static nn.Module Initial()
    {
        random.manual_seed(1);
        return Network.Create(NetworkContext.Of([2], Blobs.Classes));
    }

    /// <summary>A run of 10 steps an epoch.</summary>
    private static TrainingResult Fit(TrainerOptions options)
    {
        using var training = Blobs.Create(160, seed: 1);
        using var validation = Blobs.Create(30, seed: 2);
        return new Trainer(options).Fit(Network, Objective.Multiclass(Blobs.Classes), training, validation);
    }

    private static string[] Moved(nn.Module before, nn.Module after)
    {
        var (first, second) = (before.state_dict(), after.state_dict());
        return [.. first.Keys.Where(name => !first[name].bytes.SequenceEqual(second[name].bytes)).Order(StringComparer.Ordinal)];
    }
}
