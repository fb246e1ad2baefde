using MlComponents.Tests.Training;
using MlComponents.Tests.Training.Memory;

namespace MlComponents.Tests.Observation;

[TestClass]
public sealed class WatchActivationsTests
{
    [TestMethod]
    public void Fit_WithDeadUnits_WarnsOnceAndGivesTheSameBits()
    {
        using var training = Blobs.Create(96, seed: 1);
        var warnings = new List<string>();
        var hooks = new List<int>();
        var listener = new LambdaCallback { OnWarning = e => warnings.Add(e.Message), OnStepEnd = e => hooks.Add(HookCount.Of(e.Run.Network)) };

        using var plain = Fit(training, Blobs.Options);
        using var watched = Fit(training, Blobs.Options with { Callbacks = [listener, new WatchActivations { EverySteps = 5 }] });

        Assert.HasCount(1, warnings);
        Assert.AreEqual("Step 1: 4 of the 8 units of 'relu', a ReLU, are 0 for all 16 examples: lower the learning rate, or use an activation that isn't flat below 0.", warnings[0]);
        Assert.IsTrue(hooks.All(count => count == 0));
        CollectionAssert.AreEqual(Bits(plain), Bits(watched));
    }

    [TestMethod]
    public void Fit_EverySteps_LooksIntoThoseStepsAlone()
    {
        using var training = Blobs.Create(96, seed: 1);
        var hooks = new Dictionary<long, int>();
        var listener = new LambdaCallback { OnBackwardEnd = e => hooks[e.Step] = HookCount.Of(e.Run.Network) };

        using var watched = Fit(training, Blobs.Options with { MaxSteps = 6, Callbacks = [listener, new WatchActivations { EverySteps = 3, Modules = ["hidden", "head"] }] });

        CollectionAssert.AreEqual(new[] { 3, 0, 0, 3, 0, 0 }, hooks.OrderBy(pair => pair.Key).Select(pair => pair.Value).ToArray());   // two modules and the network
    }

    [TestMethod]
    public void Fit_OfALossThatIsReadLate_WarnsOfTheLayerInTime()
    {
        using var training = Blobs.Create(96, seed: 1);
        var warnings = new List<string>();
        var options = Blobs.Options with { LogEvery = 100, Callbacks = [new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }, new WatchActivations()] };

        var error = Assert.ThrowsExactly<NonFiniteLossException>(() => Fit(training, options, new Root(x => (x - 1e6).sqrt())));

        Assert.AreEqual(1, error.Step);
        Assert.IsNull(error.Finding);
        Assert.Contains("Step 1: 'root', a Root, is the first whose output is not finite; its input and its weights are finite, so it makes it itself.", warnings);
    }

    [TestMethod]
    public void Fit_OfALossThatIsNotFinite_NamesTheLayerWithoutWatching()
    {
        using var training = Blobs.Create(96, seed: 1);

        var error = Assert.ThrowsExactly<NonFiniteLossException>(() => Fit(training, Blobs.Options, new Root(x => (x - 1e6).sqrt())));

        Assert.AreEqual((ActivationProblem.NonFiniteActivation, "root"), (error.Finding!.Problem, error.Finding.Module));
        Assert.EndsWith(" 'root', a Root, is the first whose output is not finite; its input and its weights are finite, so it makes it itself.", error.Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("hidden")]
    public void Fit_OfAGradientThatIsNotFinite_NamesTheLayerOnTheWayBack(string blocks)
    {
        using var training = Blobs.Create(96, seed: 1);
        var options = Blobs.Options with { CheckpointBlocks = blocks.Length > 0 ? [blocks] : [] };

        var error = Assert.ThrowsExactly<NonFiniteLossException>(() => Fit(training, options, new Root(x => (x - x.detach()).square().sqrt())));

        Assert.AreEqual((ActivationProblem.NonFiniteGradient, "relu"), (error.Finding!.Problem, error.Finding.Module));
        Assert.EndsWith("The loss is finite, but on the way back from it the gradient of what 'relu', a ReLU, returned is the first that is not.", error.Message);
    }

    [TestMethod]
    public void Fit_OfALossThatCantBeComputedAgain_ThrowsWhatWasWrong()
    {
        using var training = Blobs.Create(96, seed: 1);
        var block = new CountedBlock(new Root(x => (x - 1e6).sqrt()), (call, _) => { if (call == 2) throw new InvalidOperationException("the second time"); });

        var error = Assert.ThrowsExactly<NonFiniteLossException>(() => Fit(training, Blobs.Options, block));

        Assert.AreEqual(2, block.Calls);
        Assert.IsNull(error.Finding);
    }

    [TestMethod]
    public void Fit_OfModulesThatArentThere_IsRefusedBeforeTheFirstStep()
    {
        using var training = Blobs.Create(96, seed: 1);

        var error = Assert.ThrowsExactly<ArgumentException>(() => Fit(training, Blobs.Options with { Callbacks = [new WatchActivations { Modules = ["nothing"] }] }));

        Assert.StartsWith("The pattern 'nothing' means none of the modules of the network", error.Message);
    }

    [TestMethod]
    public void Fit_WithIt_LeavesNoTensorBehind()
    {
        using var training = Blobs.Create(96, seed: 1);
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with { Epochs = 12, Callbacks = [new WatchActivations { EverySteps = 2 }, new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }] };
        TensorAssert.LiveCount();

        using var result = Fit(training, options);

        Assert.AreEqual(counts[20], counts[70]);
    }

    private static TrainingResult Fit(TensorDataset training, TrainerOptions options, nn.Module<Tensor, Tensor>? root = null) =>
        new Trainer(options).Fit(_ => Network(root), Objective.Multiclass(Blobs.Classes), training);

    private static TorchSharp.Modules.Sequential Network(nn.Module<Tensor, Tensor>? root)
    {
        var network = nn.Sequential(("hidden", nn.Linear(2, 8)), ("relu", nn.ReLU()), ("root", root ?? nn.Identity()), ("head", nn.Linear(8, Blobs.Classes)));
        using (no_grad())
            network.get_parameter("hidden.bias")!.fill_(10).slice(0, 0, 4, 1).fill_(-1000);
        return network;
    }

    private static List<byte> Bits(TrainingResult result) => [.. result.Network.state_dict().SelectMany(pair => pair.Value.bytes.ToArray())];

    private sealed class Root(Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>(nameof(Root))
    {
        public override Tensor forward(Tensor x) => function(x);
    }
}
