using MlComponents.Tests.Training;
using MlComponents.Tests.Training.Memory;
using TorchSharp.Modules;

namespace MlComponents.Tests.Observation;

[TestClass]
public sealed class ObserverTests
{
    [TestMethod]
    public void Gradient_OfAHiddenLayer_IsThatOfArithmetic()
    {
        using var scope = NewDisposeScope();
        var network = nn.Sequential(("double", new Scaled(2)), ("triple", new Scaled(3)));
        using var observer = network.Observe("*");
        var x = tensor(new[] { 1f, 2 }, requires_grad: true);

        network.call(x).square().sum().backward();                                     // (6x)²

        TensorAssert.AreClose(tensor(new[] { 2f, 4 }), observer["double"].Activation!, 0);
        TensorAssert.AreClose(tensor(new[] { 36f, 72 }), observer["double"].Gradient!, 0);   // 3 · 2 · 6x
        TensorAssert.AreClose(tensor(new[] { 12f, 24 }), observer["triple"].Gradient!, 0);   // 2 · 6x
        Assert.IsFalse(observer["double"].Activation!.requires_grad);
    }

    [TestMethod]
    public void Calls_OfAModuleThatIsCalledTwice_AreBoth()
    {
        using var scope = NewDisposeScope();
        using var network = new Twice(new Scaled(2));
        using var observer = network.Observe("inner");
        var x = ones(1, requires_grad: true);

        network.call(x).backward(new[] { ones(1) });
        var calls = observer["inner"].Calls;

        Assert.HasCount(2, calls);
        TensorAssert.AreClose(2, calls[0].Activation!, 0);
        TensorAssert.AreClose(4, calls[1].Activation!, 0);
        TensorAssert.AreClose(2, calls[0].Gradient!, 0);
        TensorAssert.AreClose(1, calls[1].Gradient!, 0);
        Assert.AreSame(calls[1].Activation, observer["inner"].Activation);
    }

    [TestMethod]
    public void Observe_OfAModuleInTwoPlaces_WatchesItOnceUnderBothNames()
    {
        using var scope = NewDisposeScope();
        var shared = new Scaled(2);
        var network = nn.Sequential(("a", shared), ("b", new Scaled(3)), ("c", shared));
        using var observer = network.Observe(["a", "c"]);

        network.call(ones(1));

        Assert.HasCount(1, observer.Modules);
        Assert.AreSame(observer["a"], observer["c"]);
        CollectionAssert.AreEqual(new[] { "a", "c" }, observer["c"].Names.ToArray());
        Assert.HasCount(2, observer["a"].Calls);
        Assert.AreEqual(2, HookCount.Of(network));   // one on the module, and one on the network
    }

    [TestMethod]
    public void Calls_OfSeveralPasses_AreThoseOfTheLast()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        using var observer = network.Observe("0", new() { Statistics = true });
        network.call(ones(4, 2)).sum().backward();
        _ = observer["0"].Gradient;
        var before = TensorAssert.LiveCount();

        for (var pass = 0; pass < 3; pass++)
        {
            network.zero_grad();
            using var inner = NewDisposeScope();
            network.call(ones(4, 2)).sum().backward();
            _ = (observer["0"].Gradient, observer["0"].Statistics);
        }

        Assert.HasCount(1, observer["0"].Calls);
        Assert.IsLessThanOrEqualTo(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void Dispose_TakesTheHooksOffAndFreesAll()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var before = TensorAssert.LiveCount();
        var observer = network.Observe("*", new() { Statistics = true });
        using (NewDisposeScope())
            network.call(ones(4, 2)).sum().backward();
        var kept = observer["0"].Activation!;
        _ = observer["0"].Gradient;
        var hooks = HookCount.Of(network);

        observer.Dispose();
        observer.Dispose();
        network.zero_grad();

        Assert.AreEqual(4, hooks);
        Assert.AreEqual(0, HookCount.Of(network));
        Assert.IsTrue(kept.IsInvalid);
        Assert.IsEmpty(observer["0"].Calls);
        Assert.IsLessThanOrEqualTo(before, TensorAssert.LiveCount() - Gradients(network));
    }

    [TestMethod]
    public void Call_OfAWatchedNetwork_LeavesNothingInTheCallersScope()
    {
        using var network = Network();
        using var observer = network.Observe("*", new() { Statistics = true });
        using var x = ones(4, 2);

        TensorAssert.LeavesOnly(1, () => network.call(x));
        TensorAssert.LeavesOnly(0, observer.ReadStatistics);
    }

    [TestMethod]
    public void Call_InEvalModeWithoutGradients_GivesActivationsAlone()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var network = Network();
        network.eval();
        using var observer = network.Observe("0");

        var y = network.call(ones(4, 2));

        CollectionAssert.AreEqual(new long[] { 4, 8 }, observer["0"].Activation!.shape);
        Assert.IsNull(observer["0"].Gradient);
        Assert.IsFalse(y.requires_grad);
    }

    [TestMethod]
    public void Options_ThatKeepNothing_KeepNothingAndStillTellOfCalls()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        using var observer = network.Observe("*", new() { Activations = false, Gradients = false });
        var told = new List<string>();
        observer.Called += call => told.Add($"{call.Module.Name} {call.Inputs[0].shape[1]} {call.Output.shape[1]}");

        network.call(ones(4, 2)).sum().backward();

        CollectionAssert.AreEqual(new[] { "0 2 8", "1 8 8", "2 8 3" }, told);
        Assert.IsTrue(observer.Calls.All(call => call is { Activation: null, Gradient: null, Statistics: null }));
    }

    [TestMethod]
    public void Call_WithinAutocast_GivesWhatTheNetworkComputes()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        using var observer = network.Observe("*", new() { Statistics = true });
        var precision = PrecisionPolicy.Of(TrainingPrecision.BFloat16Mixed, CPU);

        Tensor loss;
        using (precision.Autocast())
            loss = network.call(ones(4, 2)).@float().sum();
        loss.backward();

        Assert.AreEqual(ScalarType.BFloat16, observer["0"].Activation!.dtype);
        Assert.AreEqual(ScalarType.BFloat16, observer["0"].Gradient!.dtype);
        Assert.AreEqual(observer["0"].Activation!.@float().mean().item<float>(), observer["0"].Statistics!.Mean, 1e-6);
    }

    [TestMethod]
    [DataRow("block")]
    [DataRow("block.0")]
    [DataRow("block.*")]
    public void Gradient_NextToCheckpointBlocks_IsTheOrdinaryOneBitForBit(string blocks)
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("block", nn.Sequential(nn.Linear(2, 8), new Twice(nn.Linear(8, 8)), nn.Dropout(0.3))), ("head", nn.Linear(8, 3)));
        var x = randn(4, 2);

        var plain = Gradients(network, x);
        using var checkpoints = new GradientCheckpoints([network], [blocks], PrecisionPolicy.Of(TrainingPrecision.Float32, CPU));
        var recomputed = Gradients(network, x);

        Assert.HasCount(7, plain);   // the block, its 3 parts, of which one calls its own twice, and the head
        CollectionAssert.AreEqual(plain.Select(pair => pair.Key).ToList(), recomputed.Select(pair => pair.Key).ToList());
        foreach (var (expected, actual) in plain.Zip(recomputed))
            CollectionAssert.AreEqual(expected.Value, actual.Value, expected.Key);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("layer1.*")]
    public void Fit_WithAnObserver_GivesTheSameBitsAndLeavesNoHook(string blocks)
    {
        using var training = Pictures();
        var options = new TrainerOptions { MaxSteps = 3, BatchSize = 4, AccumulateBatches = 2, Seed = 1, Device = "cpu", CheckpointBlocks = blocks.Length > 0 ? [blocks] : [] };
        var network = new ResNet { Width = 4, Stem = ResNetStem.Cifar, Dropout = 0.5 };
        Observer? observer = null;
        List<(int Calls, bool HasGradient)> seen = [];
        var watching = new LambdaCallback
        {
            OnTrainStart = e => observer = e.Run.Network.Observe("*", new() { Statistics = true }),
            OnStepEnd = _ => seen.Add((observer!["layer1.0.conv1"].Calls.Count, observer["layer1.0.conv1"].Gradient is not null && observer["fc"].Gradient is not null)),
            OnTrainEnd = _ => observer!.Dispose(),
        };

        using var plain = new Trainer(options).Fit(network, Objective.Multiclass(3), training);
        using var watched = new Trainer(options with { Callbacks = [watching] }).Fit(network, Objective.Multiclass(3), training);

        CollectionAssert.AreEqual(Bits(plain.Network), Bits(watched.Network));
        CollectionAssert.AreEqual(new[] { (1, true), (1, true), (1, true) }, seen);
        Assert.AreEqual(0, HookCount.Of(watched.Network));
    }

    [TestMethod]
    public void Fit_OfANetworkWithAuxiliaryHeads_HasOnePassAStep()
    {
        using var training = Pictures(segmentation: true);
        Observer? observer = null;
        List<int> calls = [];
        var watching = new LambdaCallback
        {
            OnTrainStart = e => observer = e.Run.Network.Observe("detail"),
            OnStepEnd = _ => calls.Add(observer!["detail"].Calls.Count),
            OnTrainEnd = _ => observer!.Dispose(),
        };

        using var result = new Trainer(new() { MaxSteps = 2, BatchSize = 2, Device = "cpu", Callbacks = [watching] }).Fit(new BiSeNetV2(), Objective.Segmentation(3), training);

        CollectionAssert.AreEqual(new[] { 1, 1 }, calls);
    }

    [TestMethod]
    public void Observe_OfNamesThatCantBeWatched_IsRefusedWithThoseThatCan()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("first", nn.Linear(2, 2)), ("second", new Scaled(1)));
        using var recurrent = new Recurrent();

        Assert.StartsWith("The pattern 'frist' means none of the modules of the network; did you mean 'first'? There are: first, second.",
            Assert.ThrowsExactly<ArgumentException>(() => network.Observe("frist")).Message);
        Assert.AreEqual("There is no pattern of modules to watch: give at least one, e.g. '*' for all. (Parameter 'patterns')",
            Assert.ThrowsExactly<ArgumentException>(() => network.Observe([])).Message);
        Assert.AreEqual(
            "The pattern 'rnn' means 'rnn', a GRU, but only modules from one to three tensors to one, such as Module<Tensor, Tensor>, can be watched. There are: head.",
            Assert.ThrowsExactly<ArgumentException>(() => recurrent.Observe("rnn")).Message);
        using var observer = recurrent.Observe("*");
        Assert.StartsWith("The module 'rnn' isn't watched", Assert.ThrowsExactly<KeyNotFoundException>(() => observer["rnn"]).Message);
        Assert.AreEqual(2, HookCount.Of(recurrent));
    }

    [TestMethod]
    public void Observe_OfAModuleOfTwoInputs_SeesBoth()
    {
        using var scope = NewDisposeScope();
        using var loss = nn.MSELoss();
        using var network = new Pair(loss);
        using var observer = network.Observe("loss");
        var inputs = 0;
        observer.Called += call => inputs = call.Inputs.Count;

        network.call(ones(2), zeros(2));
        network.call(ones(2), zeros(2));

        Assert.AreEqual(2, inputs);
        Assert.HasCount(1, observer["loss"].Calls);
        TensorAssert.AreClose(1, observer["loss"].Activation!, 0);
    }

    private static Sequential Network() => nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 3));

    private static TensorDataset Pictures(bool segmentation = false)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        return segmentation
            ? new(randn([4, 3, 32, 32], generator: generator), randint(3, [4, 32, 32], generator: generator))
            : new(randn([16, 1, 8, 8], generator: generator), randint(3, [16], generator: generator));
    }

    private static int Gradients(nn.Module network) => network.parameters().Count(parameter => parameter.grad is not null);

    private static List<KeyValuePair<string, byte[]>> Gradients(nn.Module<Tensor, Tensor> network, Tensor x)
    {
        random.manual_seed(3);
        using var observer = network.Observe("*");
        network.call(x).square().sum().backward();
        return [.. observer.Calls.Select((call, i) => KeyValuePair.Create($"{i}", call.Gradient!.bytes.ToArray()))];
    }

    private static List<byte> Bits(nn.Module network) => [.. network.state_dict().SelectMany(pair => pair.Value.bytes.ToArray())];

    private sealed class Scaled(double factor) : nn.Module<Tensor, Tensor>(nameof(Scaled))
    {
        public override Tensor forward(Tensor x) => x * factor;
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner;

        public Twice(nn.Module<Tensor, Tensor> inner) : base(nameof(Twice))
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => inner.call(inner.call(x));
    }

    private sealed class Recurrent : nn.Module<Tensor, Tensor>
    {
        private readonly GRU rnn = nn.GRU(2, 2);
        private readonly Linear head = nn.Linear(2, 2);

        public Recurrent() : base(nameof(Recurrent)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call(rnn.call(x).Item1);
    }

    private sealed class Pair : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor, Tensor> loss;

        public Pair(nn.Module<Tensor, Tensor, Tensor> loss) : base(nameof(Pair))
        {
            this.loss = loss;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor y) => loss.call(x, y);
    }
}
