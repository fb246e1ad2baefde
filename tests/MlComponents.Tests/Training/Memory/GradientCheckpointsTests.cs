namespace MlComponents.Tests.Training.Memory;

[TestClass]
public sealed class GradientCheckpointsTests
{
    private static readonly PrecisionPolicy Float32 = PrecisionPolicy.Of(TrainingPrecision.Float32, CPU);

    [TestMethod]
    [DataRow("first")]
    [DataRow("middle")]
    [DataRow("last")]
    [DataRow("*")]
    [DataRow("middle.*")]
    public void Backward_OfDropoutAndBatchNorm_IsTheOrdinaryOneBitForBit(string blocks)
    {
        using var scope = NewDisposeScope();
        var x = randn(8, 6);

        CollectionAssert.AreEqual(Bits(Pass(Layers, x)), Bits(Pass(Layers, x, blocks)));
    }

    [TestMethod]
    public void Backward_OfResNet18_IsTheOrdinaryOneBitForBit()
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 3, 16, 16);
        var network = new ResNet { Width = 8, Stem = ResNetStem.Cifar, Dropout = 0.5 };

        CollectionAssert.AreEqual(Bits(Pass(Create, x)), Bits(Pass(Create, x, "layer1.*", "layer3.*")));

        nn.Module<Tensor, Tensor> Create() => (nn.Module<Tensor, Tensor>)network.Build(NetworkContext.Of([3, 16, 16], outputs: 4));
    }

    [TestMethod]
    public void Backward_OfABlockThatIsCalledTwice_IsTheOrdinaryOneBitForBit()
    {
        using var scope = NewDisposeScope();
        var x = randn(8, 6);

        CollectionAssert.AreEqual(Bits(Pass(Create, x)), Bits(Pass(Create, x, "inner")));

        static nn.Module<Tensor, Tensor> Create() => new Twice(nn.Sequential(nn.Linear(6, 6), nn.BatchNorm1d(6), nn.Dropout(0.3)));
    }

    [TestMethod]
    public void Backward_WithRespectToTheInput_MatchesDifferences()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var block = nn.Sequential(("first", nn.Linear(3, 4)), ("second", nn.Tanh())).to(ScalarType.Float64);
        using var checkpoints = new GradientCheckpoints([block], ["*"], Float32);

        TensorAssert.GradientMatchesDifferences(x => block.call(x).square().sum(), randn(2, 3));
    }

    [TestMethod]
    public void Forward_OfABlock_KeepsNothingOfItsInside()
    {
        Assert.AreEqual(8, KeptNodes());
        Assert.AreEqual(0, KeptNodes("block"));
        Assert.AreEqual(4, KeptNodes("block.0", "block.2", "block.4", "block.6"));
    }

    [TestMethod]
    public void Call_InTrainMode_IsRepeatedInTheBackwardPassAlone()
    {
        using var scope = NewDisposeScope();
        var block = new CountedBlock(nn.Linear(2, 2));
        var network = nn.Sequential(("block", block), ("linear", nn.Linear(2, 1)));
        using var checkpoints = new GradientCheckpoints([network], ["block"], Float32);

        var loss = network.call(ones(3, 2)).sum();

        Assert.AreEqual(1, block.Calls);
        loss.backward();
        Assert.AreEqual(2, block.Calls);
    }

    [TestMethod]
    public void Call_InEvalModeOrWithoutGradients_IsAnOrdinaryOne()
    {
        using var scope = NewDisposeScope();
        var block = new CountedBlock(nn.Linear(2, 2));
        var network = nn.Sequential(("block", block));
        using var checkpoints = new GradientCheckpoints([network], ["block"], Float32);

        network.eval();
        network.call(ones(3, 2)).sum().backward();
        network.train();
        using (no_grad())
            Assert.IsFalse(network.call(ones(3, 2)).requires_grad);

        Assert.AreEqual(2, block.Calls);
    }

    [TestMethod]
    public void Call_OfABlockThatNeedsNoGradient_IsAnOrdinaryOne()
    {
        using var scope = NewDisposeScope();
        var network = nn.Sequential(("block", nn.ReLU()), ("linear", nn.Linear(2, 2)));
        using var checkpoints = new GradientCheckpoints([network], ["block"], Float32);
        bool? isInGraph = null;
        ((nn.Module<Tensor, Tensor>)network[1]).register_forward_pre_hook((_, input) =>
        {
            isInGraph = input.requires_grad;
            return input;
        });

        network.call(ones(3, 2)).sum().backward();

        Assert.IsFalse(isInGraph);
    }

    [TestMethod]
    public void Call_OfABlockInsideOfAnother_CountsTheOuterOne()
    {
        using var scope = NewDisposeScope();
        var inner = new CountedBlock(nn.Linear(2, 2));
        var outer = new CountedBlock(inner);
        var network = nn.Sequential(("outer", outer));
        using var checkpoints = new GradientCheckpoints([network], ["outer", "*"], Float32);

        network.call(ones(3, 2)).sum().backward();

        Assert.AreEqual(2, outer.Calls);
        Assert.AreEqual(2, inner.Calls);
    }

    [TestMethod]
    public void ThrowIfFailed_AfterABlockThrewInTheBackwardPass_ThrowsThat()
    {
        using var scope = NewDisposeScope();
        var error = new InvalidOperationException("the second time");
        var network = nn.Sequential(("before", nn.Linear(2, 2)), ("block", new CountedBlock(nn.Linear(2, 2), (call, _) =>
        {
            if (call == 2)
                throw error;
        })), ("after", new CountedBlock(nn.Linear(2, 2))));
        using var checkpoints = new GradientCheckpoints([network], ["*"], Float32);
        var generator = DefaultGenerator.GetState();

        network.call(ones(3, 2)).sum().backward();

        Assert.AreSame(error, Assert.ThrowsExactly<InvalidOperationException>(checkpoints.ThrowIfFailed));
        checkpoints.EndPass();
        checkpoints.ThrowIfFailed();
        Assert.IsTrue(is_grad_enabled());
        network.zero_grad();
        network.call(ones(3, 2)).sum().backward();
        checkpoints.ThrowIfFailed();
        Assert.IsTrue(network.parameters().All(parameter => parameter.grad is not null));
        CollectionAssert.AreEqual(generator.data<byte>().ToArray(), DefaultGenerator.GetState().data<byte>().ToArray());
    }

    [TestMethod]
    public void EndPass_AfterABlockThrewInTheForwardPass_LetsGraphsBeBuiltAgain()
    {
        using var scope = NewDisposeScope();
        var network = nn.Sequential(("block", new CountedBlock(nn.Linear(2, 2), (call, _) =>
        {
            if (call == 1)
                throw new InvalidOperationException("the first time");
        })));
        using var checkpoints = new GradientCheckpoints([network], ["block"], Float32);

        Assert.ThrowsExactly<InvalidOperationException>(() => network.call(ones(3, 2)));
        checkpoints.EndPass();

        Assert.IsTrue(is_grad_enabled());
        network.call(ones(3, 2)).sum().backward();
        Assert.IsTrue(network.parameters().All(parameter => parameter.grad is not null));
    }

    [TestMethod]
    public void Pass_LeavesNoTensorBehind()
    {
        using var scope = NewDisposeScope();
        var network = Layers();
        var x = randn(8, 6);
        using var checkpoints = new GradientCheckpoints([network], ["*"], Float32);
        Once();
        var before = TensorAssert.LiveCount();

        for (var i = 0; i < 50; i++)
            Once();

        Assert.AreEqual(before, Tensor.TotalCount);

        void Once()
        {
            using var step = NewDisposeScope();
            network.zero_grad();
            network.call(x).sum().backward();
            checkpoints.EndPass();
        }
    }

    [TestMethod]
    public void Dispose_TakesTheHooksOff()
    {
        using var scope = NewDisposeScope();
        var block = new CountedBlock(nn.Linear(2, 2));
        var network = nn.Sequential(("block", block));

        new GradientCheckpoints([network], ["block"], Float32).Dispose();
        network.call(ones(3, 2)).sum().backward();

        Assert.AreEqual(1, block.Calls);
    }

    [TestMethod]
    public void Constructor_OfAPatternThatMeansNothing_SaysWhatThereIs()
    {
        using var network = Layers();

        var error = Assert.ThrowsExactly<ArgumentException>(() => new GradientCheckpoints([network], ["frist"], Float32));

        Assert.StartsWith("The pattern 'frist' means none of the modules of the network; did you mean 'first'?", error.Message);
    }

    [TestMethod]
    public void Constructor_OfAModuleWithOtherInputs_SaysWhichAreSupported()
    {
        using var network = new Listed();

        var error = Assert.ThrowsExactly<ArgumentException>(() => new GradientCheckpoints([network], ["blocks"], Float32));

        Assert.AreEqual(
            "CheckpointBlocks means 'blocks', a ModuleList`1, but only modules from one tensor to one tensor, Module<Tensor, Tensor>, can be computed again: "
            + "choose what is inside of it, e.g. 'blocks.*', or other modules.", error.Message);
    }

    private static nn.Module<Tensor, Tensor> Layers() => nn.Sequential(
        ("first", nn.Sequential(("linear", nn.Linear(6, 5)), ("norm", nn.BatchNorm1d(5)), ("dropout", nn.Dropout(0.5)))),
        ("middle", nn.Sequential(("linear", nn.Linear(5, 5)), ("dropout", nn.Dropout(0.3)), ("norm", nn.BatchNorm1d(5)), ("relu", nn.ReLU()))),
        ("last", nn.Sequential(("dropout", nn.Dropout(0.2)), ("linear", nn.Linear(5, 2)))));

    /// <summary>What a forward and backward pass leaves: gradients, buffers, the random generator.</summary>
    private static List<Tensor> Pass(Func<nn.Module<Tensor, Tensor>> create, Tensor x, params string[] blocks)
    {
        random.manual_seed(3);
        var network = create();
        using var checkpoints = new GradientCheckpoints([network], blocks, Float32);
        var input = x.clone().requires_grad_();
        network.train();

        network.call(input).square().mean().backward();
        checkpoints.ThrowIfFailed();

        return [input.grad!, .. network.parameters().Select(parameter => parameter.grad!), .. network.buffers(), DefaultGenerator.GetState()];
    }

    private static List<byte> Bits(List<Tensor> tensors) => [.. tensors.SelectMany(tensor => tensor.contiguous().bytes.ToArray())];

    /// <summary>How many of eight layers are kept, with what they saved, between a forward pass and its backward pass.</summary>
    private static int KeptNodes(params string[] blocks)
    {
        using var scope = NewDisposeScope();
        var saved = new List<WeakReference>();
        var block = nn.Sequential(Enumerable.Range(0, 8).Select(i => ($"{i}", (nn.Module<Tensor, Tensor>)new Doubling(saved))));
        var network = nn.Sequential(("block", block));
        using var checkpoints = new GradientCheckpoints([network], blocks, Float32);
        var x = ones(4, requires_grad: true);

        var y = network.call(x);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var kept = saved.Count(reference => reference.IsAlive);
        y.sum().backward();

        TensorAssert.AreClose(256 * ones(4), x.grad!, 0);
        return kept;
    }

    private sealed class Doubling(List<WeakReference> saved) : nn.Module<Tensor, Tensor>(nameof(Doubling))
    {
        public override Tensor forward(Tensor x) => Doubled.apply(x, saved);
    }

    private sealed class Doubled : autograd.SingleTensorFunction<Doubled>
    {
        public override string Name => nameof(Doubled);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var inContext = new object();   // lives as long as the graph has this node
            ctx.save_data("node", inContext);
            ((List<WeakReference>)vars[1]).Add(new(inContext));
            return 2 * (Tensor)vars[0];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [2 * grad_output, null!];
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner;

        public Twice(nn.Module<Tensor, Tensor> inner) : base(nameof(Twice))
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => inner.call(inner.call(x) + x);
    }

    private sealed class Listed : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>> blocks = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(2, 2));

        public Listed() : base(nameof(Listed)) => RegisterComponents();

        public override Tensor forward(Tensor x) => blocks[0].call(x);
    }
}
