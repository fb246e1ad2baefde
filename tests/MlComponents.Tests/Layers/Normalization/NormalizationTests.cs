namespace MlComponents.Tests.Layers.Normalization;

[TestClass]
public sealed class NormalizationTests
{
    [TestMethod]
    public void LayerNormAndRmsNorm_OfTwoChannels_AreWhatOneCountsByHand()
    {
        using var scope = NewDisposeScope();
        using var layer = new LayerNorm { Epsilon = 1e-12 }.Create(2, 0);
        using var rms = new RmsNorm { Epsilon = 0.5 }.Create(2, 0);
        var x = tensor(new double[] { 3, 4, -1, 1 }, [2, 2]);
        layer.to(x.dtype);
        rms.to(x.dtype);

        TensorAssert.AreClose(tensor(new double[] { -1, 1, -1, 1 }, [2, 2]), layer.call(x), tolerance: 1e-10);
        TensorAssert.AreClose(tensor([3 / Math.Sqrt(13), 4 / Math.Sqrt(13), -1 / Math.Sqrt(1.5), 1 / Math.Sqrt(1.5)], [2, 2]), rms.call(x), tolerance: 1e-12);
    }

    [TestMethod]
    public void LocalResponseNorm_OfThreeChannels_IsWhatOneCountsByHand()
    {
        using var scope = NewDisposeScope();
        using var layer = new LocalResponseNorm { Size = 3, Alpha = 3, Beta = 1 }.Create(3, 2);

        var y = layer.call(tensor(new double[] { 1, 2, 3 }, [1, 3, 1, 1]));

        TensorAssert.AreClose(tensor([1 / 6.0, 2 / 15.0, 3 / 14.0], [1, 3, 1, 1]), y, tolerance: 1e-12);
    }

    [TestMethod]
    public void BatchNorm_InTrainMode_GivesEachChannelMeanZeroAndVarianceOneOverBatchAndPositions()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = new BatchNorm { Epsilon = 1e-12 }.Create(3, 0);
        layer.to(ScalarType.Float64);

        var y = layer.call(5 + 2 * randn(4, 6, 3, ScalarType.Float64)).reshape(-1, 3);

        TensorAssert.AreClose(zeros(3, ScalarType.Float64), y.mean([0]), tolerance: 1e-10);
        TensorAssert.AreClose(ones(3, ScalarType.Float64), y.square().mean([0]), tolerance: 1e-10);
    }

    [TestMethod]
    public void FrozenBatchNorm_WithTheStateOfABatchNorm_IsThatOneInEvalModeAndStaysSo()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var batch = new BatchNorm { Epsilon = 1e-3 }.Create(4, 2);
        using var frozen = new FrozenBatchNorm { Epsilon = 1e-3 }.Create(4, 2);
        var x = randn(3, 4, 5, 5);
        batch.call(3 * x + 1);
        using (no_grad())
            batch.parameters().First().mul_(rand(4));
        batch.eval();

        StateDict.Load(frozen, batch.state_dict());
        frozen.train();
        TensorAssert.AreClose(batch.call(x), frozen.call(x), tolerance: 1e-6);
        StateDict.Load(batch, frozen.state_dict());

        TensorAssert.AreClose(frozen.call(x), batch.call(x), tolerance: 1e-6);
        Assert.AreEqual(1, frozen.state_dict()["num_batches_tracked"].item<long>());
        Assert.IsEmpty(frozen.parameters().ToList());
    }

    [TestMethod]
    public void NormalizationsOfEachExample_OfScaledExamples_GiveTheSame()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var x = randn(2, 4, 3, 3, ScalarType.Float64);
        foreach (var definition in new NormalizationDefinition[]
        {
            new LayerNorm { Epsilon = 1e-12 }, new InstanceNorm { Epsilon = 1e-12 }, new GroupNorm { Groups = 2, Epsilon = 1e-12 }, new RmsNorm { Epsilon = 1e-12 },
        })
        {
            using var layer = definition.Create(4, 2);
            layer.to(x.dtype);

            TensorAssert.AreClose(layer.call(x), layer.call(7 * x), tolerance: 1e-8);
        }
    }

    [TestMethod]
    public void ReplacesBias_OfEachKind_IsWhetherItShiftsOrCentres()
    {
        foreach (var definition in new NormalizationDefinition[] { new BatchNorm { Affine = false }, new FrozenBatchNorm(), new InstanceNorm(), new LayerNorm(), new GroupNorm() })
            Assert.IsTrue(definition.ReplacesBias, definition.GetType().Name);
        foreach (var definition in new NormalizationDefinition[]
            { new NoNormalization(), new RmsNorm(), new LocalResponseNorm(), new LayerNorm { Affine = false }, new GroupNorm { Affine = false } })
            Assert.IsFalse(definition.ReplacesBias, definition.GetType().Name);
    }

    [TestMethod]
    [DataRow(new long[] { 1, 4 }, 0)]
    [DataRow(new long[] { 1, 4, 1, 1 }, 2)]
    public void BatchNorm_OfOneValuePerChannel_IsRefusedInTrainModeOnly(long[] shape, int dimensions)
    {
        using var scope = NewDisposeScope();
        using var layer = new BatchNorm().Create(4, dimensions);
        var x = randn(shape);

        var error = Assert.ThrowsExactly<ArgumentException>(() => layer.call(x));
        layer.eval();

        Assert.AreEqual(
            $"BatchNorm can't normalize one value per channel in train mode, [{string.Join(", ", shape)}]: use a larger batch, eval mode, or a normalization of each example, e.g. GroupNorm; training with DropLast leaves out a smaller last batch.",
            error.Message);
        TensorAssert.AreClose(x, layer.call(x), tolerance: 1e-4);
    }

    [TestMethod]
    public void InstanceNorm_OfOnePosition_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var layer = new InstanceNorm().Create(4, 0);
        using var tracking = new InstanceNorm { TrackRunningStatistics = true }.Create(4, 2);

        var ofColumns = Assert.ThrowsExactly<ArgumentException>(() => new InstanceNorm().Create([4]));
        var ofAPixel = Assert.ThrowsExactly<ArgumentException>(() => new InstanceNorm().Describe([4, 1, 1]));
        var atTheCall = Assert.ThrowsExactly<ArgumentException>(() => layer.call(randn(2, 4)));
        Assert.ThrowsExactly<ArgumentException>(() => tracking.call(randn(2, 4, 1, 1)));
        tracking.eval();

        const string Rest = ": each channel of an example needs at least two; use LayerNorm or GroupNorm, which go across channels.";
        Assert.AreEqual("InstanceNorm can't normalize one position, [4]" + Rest, ofColumns.Message);
        Assert.AreEqual("InstanceNorm can't normalize one position, [4, 1, 1]" + Rest, ofAPixel.Message);
        Assert.AreEqual("InstanceNorm can't normalize one position, [2, 4]" + Rest, atTheCall.Message);
        Assert.IsTrue(tracking.call(randn(2, 4, 1, 1)).isfinite().all().item<bool>());
    }

    [TestMethod]
    public void GroupNorm_OfChannelsThatDontDivide_ListsTheGroupsThatWouldDo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new GroupNorm().Create(48, 2));

        Assert.AreEqual("GroupNorm.Groups is 32, into which 48 channels don't divide; allowed are 1, 2, 3, 4, 6, 8, 12, 16, 24 and 48.", error.Message);
        Assert.AreEqual(error.Message, Assert.ThrowsExactly<ArgumentException>(() => new GroupNorm().Describe([48, 5])).Message);
        Assert.AreEqual(
            "GroupNorm.Groups is 32, into which 1 channels don't divide; allowed are 1.",
            Assert.ThrowsExactly<ArgumentException>(() => new GroupNorm().Create(1, 2)).Message);
    }

    [TestMethod]
    public void GroupNorm_OfGroupsOfOneValue_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var layer = new GroupNorm { Groups = 4 }.Create(4, 2);

        var error = Assert.ThrowsExactly<ArgumentException>(() => layer.call(randn(3, 4, 1, 1)));

        Assert.AreEqual("GroupNorm with 4 groups can't normalize [3, 4, 1, 1], where each group is a single value: use fewer groups.", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => new GroupNorm { Groups = 4 }.Create([4]));
        Assert.ThrowsExactly<ArgumentException>(() => new GroupNorm { Groups = 4 }.Describe([4, 1]));
    }

    [TestMethod]
    [DataRow(0, new long[] { 2, 5 }, "[N, 4] or [N, ..., 4]")]
    [DataRow(0, new long[] { 4 }, "[N, 4] or [N, ..., 4]")]
    [DataRow(1, new long[] { 2, 5, 3 }, "[N, 4, L]")]
    [DataRow(1, new long[] { 2, 4 }, "[N, 4, L]")]
    [DataRow(2, new long[] { 2, 4, 3 }, "[N, 4, H, W]")]
    [DataRow(3, new long[] { 2, 4, 3, 3 }, "[N, 4, D, H, W]")]
    public void EveryNormalization_OfAnInputThatItWasNotBuiltFor_SaysSo(int dimensions, long[] shape, string expected)
    {
        foreach (var definition in new NormalizationDefinition[]
            { new BatchNorm(), new FrozenBatchNorm(), new LayerNorm(), new InstanceNorm(), new GroupNorm { Groups = 2 }, new RmsNorm(), new LocalResponseNorm() })
        {
            using var scope = NewDisposeScope();
            using var layer = definition.Create(4, dimensions);

            var error = Assert.ThrowsExactly<ArgumentException>(() => layer.call(randn(shape)));

            Assert.AreEqual($"{definition.GetType().Name} was built for {expected}, but the input has the shape [{string.Join(", ", shape)}].", error.Message);
        }
    }

    [TestMethod]
    public void Create_OfNoChannelsOrTooManyDimensions_IsRefused()
    {
        foreach (var definition in LayerExamples.All.Select(example => example.Definition).OfType<NormalizationDefinition>())
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => definition.Create(0, 2));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => definition.Create(4, 4));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => definition.Create(4, -1));
        }
    }
}
