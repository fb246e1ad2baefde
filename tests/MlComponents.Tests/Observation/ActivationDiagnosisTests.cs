using MlComponents.Tests.Networks;
using TorchSharp.Modules;

namespace MlComponents.Tests.Observation;

[TestClass]
public sealed class ActivationDiagnosisTests
{
    [TestMethod]
    public void Run_OfASoundNetwork_FindsNothingAndTellsOfEveryModule()
    {
        using var network = ResNet();
        using var x = randn(4, 3, 16, 16);

        var report = ActivationDiagnosis.Run(network, [x, x], new() { DeadShare = 1 });

        Assert.IsEmpty(report.Findings);
        Assert.AreEqual(8, report.Examples);
        Assert.AreEqual("conv1", report.Modules[0].Name);
        Assert.AreEqual(4, report.Modules[0].Units);
        Assert.AreEqual("fc", report.Modules[^1].Name);
        Assert.IsFalse(report.Modules.Any(module => module.Name is "layer1" or "dropout"));   // one hands on what its last block returned, the other returns zeros on purpose
    }

    [TestMethod]
    public void Run_OfANaNInTheWeightsOfALayer_NamesItAndThem()
    {
        using var network = ResNet();
        Spoil(network, "layer2.1.conv2.weight");
        using var x = randn(4, 3, 16, 16);

        AssertFound(
            new(ActivationProblem.NonFiniteWeights, "layer2.1.conv2", 1,
                "'layer2.1.conv2', a Conv2d, is the first whose output is not finite, because of its 'weight': 1 of 576 numbers are NaN or infinite."),
            ActivationDiagnosis.Run(network, [x]));
    }

    [TestMethod]
    public void Run_OfANaNInABuffer_NamesIt()
    {
        using var network = ResNet();
        Spoil(network, "layer3.0.bn1.running_mean");
        network.eval();
        using var x = randn(4, 3, 16, 16);

        var finding = ActivationDiagnosis.Run(network, [x]).Findings[0];

        Assert.AreEqual((ActivationProblem.NonFiniteWeights, "layer3.0.bn1"), (finding.Problem, finding.Module));
        Assert.Contains("because of its 'running_mean': 1 of 16", finding.Sentence);
    }

    [TestMethod]
    public void Run_OfANaNInTheInput_SaysThatItWasThereBefore()
    {
        using var network = ResNet();
        using var sound = randn(4, 3, 16, 16);
        using var x = randn(4, 3, 16, 16);
        x[1, 2, 3, 4] = float.NaN;

        AssertFound(
            new(ActivationProblem.NonFiniteInput, null, 2, "The network's input is not finite: look for NaN or infinite values in the data."),
            ActivationDiagnosis.Run(network, [sound, x]));
    }

    [TestMethod]
    public void Run_OfALayerThatTakesALogarithmOfANegativeNumber_NamesIt()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("linear", nn.Linear(2, 3)), ("block", nn.Sequential(("log", new Function(x => (x - 100).log())), ("relu", nn.ReLU()))), ("head", nn.Linear(3, 1)));

        AssertFound(
            new(ActivationProblem.NonFiniteActivation, "block.log", 1,
                "'block.log', a Function, is the first whose output is not finite; its input and its weights are finite, so it makes it itself."),
            ActivationDiagnosis.Run(network, [ones(3, 2)]));
    }

    [TestMethod]
    public void Run_OfWhatAModuleMakesBetweenItsModules_NamesTheInnermostAroundThem()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("outer", nn.Sequential(("inner", new Between(x => x / 0)))), ("head", nn.Linear(2, 1)));

        AssertFound(
            new(ActivationProblem.NonFiniteActivation, "outer.inner", 1,
                "'outer.inner', a Between, makes it between its modules: the input of 'outer.inner.second', a Linear, is not finite, though what all modules before it returned is."),
            ActivationDiagnosis.Run(network, [ones(3, 2)]));
    }

    [TestMethod]
    public void Run_OfWhatTheNetworkMakesItself_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var between = new Between(x => x / 0);
        using var after = new After();

        AssertFound(
            new(ActivationProblem.NonFiniteActivation, null, 1,
                "The network makes it between its modules: the input of 'second', a Linear, is not finite, though what all modules before it returned is."),
            ActivationDiagnosis.Run(between, [ones(3, 2)]));
        AssertFound(
            new(ActivationProblem.NonFiniteActivation, null, 1, "What the network returns is not finite, though all that its modules return is: it makes it after the last of them."),
            ActivationDiagnosis.Run(after, [ones(3, 2)]));
    }

    [TestMethod]
    public void Run_OfALossThatIsNotFinite_SaysThatItIsNotTheNetwork()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(2, 1);
        using var objective = Objective.Regression();
        using var batch = new Batch(new Dictionary<string, Tensor> { [Batch.FeaturesName] = ones(3, 2), [Batch.LabelName] = full(3, float.NaN) });

        AssertFound(
            new(ActivationProblem.NonFiniteLoss, null, 1, "What the network returns is finite, but the loss is not: look at the labels, the weights of the examples and the loss."),
            ActivationDiagnosis.Run(network, objective, [batch]));
    }

    [TestMethod]
    public void Run_OfReluUnitsWithABigNegativeBias_CountsThemDead()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var mlp = nn.Sequential(("hidden", nn.Linear(2, 8)), ("relu", nn.ReLU()), ("drop", nn.Dropout(0.5)), ("head", nn.Linear(8, 2)));
        using (no_grad())
        {
            var bias = mlp.get_parameter("hidden.bias")!.fill_(10);
            bias[1] = bias[6] = -1000;
        }

        var report = ActivationDiagnosis.Run(mlp, [randn(64, 2), randn(64, 2)]);

        var relu = report.Modules.Single(module => module.Name == "relu");
        CollectionAssert.AreEqual(new long[] { 1, 6 }, relu.DeadUnits.ToArray());
        AssertFound(
            new(ActivationProblem.DeadUnits, "relu", null, "2 of the 8 units of 'relu', a ReLU, are 0 for all 128 examples: lower the learning rate, or use an activation that isn't flat below 0."),
            report);
        Assert.IsEmpty(ActivationDiagnosis.Run(mlp, [randn(64, 2)], new() { DeadShare = 0.25 }).Findings);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Run_OfUnitsOfSequencesAndMaps_FindsThemInTheirDimension(bool maps)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        nn.Module<Tensor, Tensor> layer = maps ? nn.Conv1d(3, 5, 1) : nn.Linear(3, 5);
        using var network = nn.Sequential(("layer", layer), ("relu", nn.ReLU()));
        using (no_grad())
            network.get_parameter("layer.bias")!.fill_(10)[2] = -1000;

        var relu = ActivationDiagnosis.Run(network, [randn(64, 3, 3)]).Modules[^1];

        Assert.AreEqual(5, relu.Units);
        CollectionAssert.AreEqual(new long[] { 2 }, relu.DeadUnits.ToArray());
    }

    [TestMethod]
    public void Run_OfActivationsBeyondTheLimits_NamesTheLayers()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("large", new Function(x => x * 3e4)), ("small", new Function(x => x * 1e-10)));

        var report = ActivationDiagnosis.Run(network, [ones(3, 2)]);

        Assert.HasCount(2, report.Findings);
        Assert.AreEqual(
            new(ActivationProblem.Exploding, "large", null, "The output of 'large', a Function, has a root mean square of 3e+04, above 10000: normalize it, or lower the learning rate."),
            report.Findings[0]);
        Assert.AreEqual((ActivationProblem.Vanishing, "small"), (report.Findings[1].Problem, report.Findings[1].Module));
        Assert.AreEqual(3e4, report.Modules[0].RootMeanSquare, 1);
    }

    [TestMethod]
    public void Run_LeavesTheNetworkAsItWas()
    {
        using var scope = NewDisposeScope();
        using var network = ResNet();
        var x = randn(4, 3, 16, 16);
        ActivationDiagnosis.Run(network, [x]);
        var (before, generator, count) = (Bits(network), DefaultGenerator.GetState().bytes.ToArray(), TensorAssert.LiveCount());

        ActivationDiagnosis.Run(network, [x, x]);

        CollectionAssert.AreEqual(before, Bits(network));
        using (NewDisposeScope())
            CollectionAssert.AreEqual(generator, DefaultGenerator.GetState().bytes.ToArray());
        Assert.IsLessThanOrEqualTo(count, TensorAssert.LiveCount());
        Assert.AreEqual(0, HookCount.Of(network));
        Assert.IsTrue(network.training);
    }

    [TestMethod]
    public void Run_OfBadInput_SaysWhatIsWrong()
    {
        using var network = nn.Linear(2, 1);

        Assert.AreEqual("There is no batch to look at: give at least one. (Parameter 'batches')",
            Assert.ThrowsExactly<ArgumentException>(() => ActivationDiagnosis.Run(network, [])).Message);
        Assert.Contains("SmallestRms is 20000, but LargestRms is 10000: it must be below that.",
            Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => ActivationDiagnosis.Run(network, [], new() { SmallestRms = 2e4 })).Message);
    }

    private static void AssertFound(ActivationFinding expected, ActivationReport report) => Assert.AreEqual(expected, report.Findings[0]);

    private static nn.Module<Tensor, Tensor> ResNet() =>
        NetworkFilling.Fill(NetworkCase.Create(new ResNet { Width = 4, Stem = ResNetStem.Cifar, Dropout = 0.5 }, [3, 16, 16], outputs: 3), seed: 1);

    private static void Spoil(nn.Module network, string name)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        network.state_dict()[name].view(-1)[0] = float.NaN;
    }

    private static List<byte> Bits(nn.Module network) => [.. network.state_dict().SelectMany(pair => pair.Value.bytes.ToArray())];

    private sealed class Function(Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>(nameof(Function))
    {
        public override Tensor forward(Tensor x) => function(x);
    }

    private sealed class Between : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(2, 2);
        private readonly Linear second = nn.Linear(2, 2);
        private readonly Func<Tensor, Tensor> between;

        public Between(Func<Tensor, Tensor> between) : base(nameof(Between))
        {
            this.between = between;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => second.call(between(first.call(x)));
    }

    private sealed class After : nn.Module<Tensor, Tensor>
    {
        private readonly Linear only = nn.Linear(2, 2);

        public After() : base(nameof(After)) => RegisterComponents();

        public override Tensor forward(Tensor x) => only.call(x) / 0;
    }
}
