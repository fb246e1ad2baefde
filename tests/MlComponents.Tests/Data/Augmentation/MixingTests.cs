using System.ComponentModel.DataAnnotations;
using MlComponents.Tests.Training;
using static MlComponents.Tests.Data.AugmentationExamples;

namespace MlComponents.Tests.Data;

/// <summary><see cref="MixUp"/> and <see cref="CutMix"/>.</summary>
[TestClass]
public sealed class MixingTests
{
    private const int Count = 4000;
    private static readonly long[] Many = [.. Enumerable.Range(0, Count).Select(i => (long)i)];

    [TestMethod]
    public void MixUp_OfABatch_BlendsEachWithItsPartnerByItsShare()
    {
        using var scope = NewDisposeScope();
        using var data = Numbered(7);

        using var batch = Apply(data, [0, 1, 2, 3, 4, 5, 6], epoch: 1, seed: 1, new MixUp { Alpha = 1 });

        using var all = data.Gather([0, 1, 2, 3, 4, 5, 6]);
        var share = batch.Weight!.view(-1, 1, 1, 1);
        TensorAssert.AreClose(share * all.Features + (1 - share) * all.Features.index_select(0, batch.OtherLabel!), batch.Features, tolerance: 1e-6);
        TensorAssert.AreClose(ones(7), batch.Weight! + batch[Batch.OtherWeightName], tolerance: 1e-6);
    }

    [TestMethod]
    public void CutMix_OfABatch_KeepsItsShareOfThePixels()
    {
        using var scope = NewDisposeScope();
        using var data = Numbered(7);

        using var batch = Apply(data, [0, 1, 2, 3, 4, 5, 6], epoch: 1, seed: 1, new CutMix());

        using var all = data.Gather([0, 1, 2, 3, 4, 5, 6]);
        var own = batch.Features.eq(all.Features);                                                 // [N, C, H, W]
        TensorAssert.AreClose(own.to(ScalarType.Float32).mean([1, 2, 3]), batch.Weight!, tolerance: 1e-6);
        Assert.IsTrue(own.logical_or(batch.Features.eq(all.Features.index_select(0, batch.OtherLabel!))).all().item<bool>());
        TensorAssert.AreClose(ones(7), batch.Weight! + batch[Batch.OtherWeightName], tolerance: 1e-6);
    }

    [TestMethod]
    public void Apply_InAnyOrderOfTheBatch_MixesTheSamePairs()
    {
        using var scope = NewDisposeScope();
        using var data = Numbered(5);
        foreach (var definition in Mixing)
        {
            using var batch = Apply(data, [0, 1, 2, 3, 4], epoch: 1, seed: 1, definition);
            using var reversed = Apply(data, [4, 3, 2, 1, 0], epoch: 1, seed: 1, definition);

            TensorAssert.AreClose(batch.Features, reversed.Features.flip(0), tolerance: 0);
            TensorAssert.AreClose(batch.OtherLabel!, reversed.OtherLabel!.flip(0), tolerance: 0);
            TensorAssert.AreClose(arange(5), batch.OtherLabel!.sort().Values, tolerance: 0);       // each is mixed in once
            Assert.IsFalse(batch.OtherLabel!.eq(batch.Label).any().item<bool>(), "none with itself");
        }
    }

    [TestMethod]
    public void Apply_ToABatchOfOne_LeavesItAsItIs()
    {
        using var scope = NewDisposeScope();
        using var data = Numbered(3);
        using var alone = data.Gather([1]);
        foreach (var definition in Mixing)
        {
            using var batch = Apply(data, [1], epoch: 1, seed: 1, definition);

            TensorAssert.AreClose(alone.Features, batch.Features, tolerance: 1e-6);
            TensorAssert.AreClose(alone.Label, batch.OtherLabel!, tolerance: 0);
        }
    }

    [TestMethod]
    public void Apply_ToWeightedExamples_KeepsTheWeightWithItsLabel()
    {
        using var scope = NewDisposeScope();
        var weight = arange(6).to(ScalarType.Float32);
        using var data = new TensorDataset(rand(6, 3), arange(6), weight);

        using var batch = Apply(data, [0, 1, 2, 3, 4, 5], epoch: 1, seed: 1, new MixUp { Alpha = 1 });

        var share = batch.Weight! / weight;                                                        // [N], the first is 0/0
        TensorAssert.AreClose(((1 - share) * weight.index_select(0, batch.OtherLabel!))[1..], batch[Batch.OtherWeightName][1..], tolerance: 1e-5);
        Assert.AreEqual(0, batch.Weight![0].item<float>());
    }

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.4)]
    [DataRow(1.0)]
    [DataRow(5.0)]
    public void SymmetricBeta_OfManyNumbers_HasItsMoments(double alpha)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var u = rand(100_000, 2, generator: generator);

        var x = SymmetricBeta.From(u.select(1, 0), u.select(1, 1), alpha).to(ScalarType.Float64) - 0.5;

        var variance = 1 / (4 * (2 * alpha + 1));
        var fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));                                 // of Beta(α, α), about its mean
        Assert.AreEqual(0, x.mean().item<double>(), 4 * Math.Sqrt(variance / 1e5));
        Assert.AreEqual(variance, x.square().mean().item<double>(), 4 * Math.Sqrt((fourth - variance * variance) / 1e5));
        Assert.AreEqual(fourth, x.pow(4).mean().item<double>(), 4 * Math.Sqrt((1 / 256.0 - fourth * fourth) / 1e5));
        Assert.IsLessThanOrEqualTo(0.5, x.abs().max().item<double>());
    }

    [TestMethod]
    public void SymmetricBeta_OfTheEndsOfUniformNumbers_IsFinite()
    {
        using var scope = NewDisposeScope();
        var ends = tensor(new[] { 0f, 0.25f, 0.5f, 0.75f, 1 - 1f / (1 << 24) });
        var (u, v) = (ends.repeat([5]), ends.repeat_interleave(5));

        foreach (var alpha in new[] { 1e-3, 0.2, 1, 1e6 })
        {
            var x = SymmetricBeta.From(u, v, alpha);

            Assert.IsTrue(x.ge(0).logical_and(x.le(1)).all().item<bool>(), $"{alpha}: {x}");
        }
    }

    [TestMethod]
    [DataRow(0.2, 1.0)]
    [DataRow(1.0, 0.3)]
    public void MixUp_AlphaAndProbability_DecideTheShares(double alpha, double probability)
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(zeros(Count, 1), zeros(Count, ScalarType.Int64));

        using var batch = Apply(data, Many, epoch: 1, seed: 1, new MixUp { Alpha = alpha, Probability = probability });

        var share = batch.Weight!.to(ScalarType.Float64);
        var mixed = 1 - share;                                                                     // Beta(α, α) with the probability, else 0
        var square = 0.25 + 1 / (4 * (2 * alpha + 1));                                             // of Beta(α, α), about 0
        Assert.AreEqual(probability * 0.5, mixed.mean().item<double>(), 4 * Math.Sqrt((probability * square - probability * probability / 4) / Count));
        Assert.AreEqual(probability * square, mixed.square().mean().item<double>(), 4 * Math.Sqrt(probability * square / Count));
    }

    [TestMethod]
    [DataRow(0.2, 1.0)]
    [DataRow(1.0, 0.3)]
    public void CutMix_AlphaAndProbability_DecideTheShares(double alpha, double probability)
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(zeros(Count, 1, 16, 16), zeros(Count, ScalarType.Int64));
        using var generator = new Generator(2);
        var u = rand(Count * 10, 4, generator: generator).to(ScalarType.Float64);

        using var batch = Apply(data, Many, epoch: 1, seed: 1, new CutMix { Alpha = alpha, Probability = probability });

        // The expected share that is pasted, by the paper's arithmetic on other random numbers.
        var side = (1 - SymmetricBeta.From(u.select(1, 0), u.select(1, 1), alpha).to(ScalarType.Float64)).sqrt();
        var half = (side * 16 / 2).floor();
        var pasted = Length(u.select(1, 2)) * Length(u.select(1, 3)) / 256;
        Assert.AreEqual(probability * pasted.mean().item<double>(), (1 - batch.Weight!).mean().item<float>(), 5 * 0.35 / Math.Sqrt(Count));

        Tensor Length(Tensor uniform) => ((uniform * 16).floor() + half).clamp_max(16) - ((uniform * 16).floor() - half).clamp_min(0);
    }

    [TestMethod]
    public void Step_OfMicroBatches_IsThatOfOneMixedBatch()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = nn.Linear(3, 4);
        using var objective = Objective.Multiclass(4, new CrossEntropy { ClassWeights = [1, 2, 0.5, 3], IgnoreIndex = 9 });
        using var data = new TensorDataset(rand(6, 3), tensor(new long[] { 0, 3, 9, 1, 2, 1 }), rand(6) + 0.5);
        using var whole = Apply(data, [0, 1, 2, 3, 4, 5], epoch: 1, seed: 1, new MixUp { Alpha = 1 });
        using var first = Slice(whole, 0, 4);
        using var second = Slice(whole, 4, 6);

        using var run = new TrainingRun(
            Blobs.Options, NetworkDefinition.From(_ => network), network, NetworkContext.Of([3], 4), new Dictionary<string, MetricDirection>(), data.Count, validationRows: 0, batchesPerEpoch: 1, seed: 1) { Objective = objective };
        using var backward = new BackwardPass(run, objective, PrecisionPolicy.Of(TrainingPrecision.Float32, CPU));
        using var before = new ForwardState([], CPU);
        var expected = backward.Run([whole], before, () => { }).Loss;
        var gradient = network.weight!.grad!.clone();
        network.zero_grad();
        var actual = backward.Run([first, second], before, () => { }).Loss;

        TensorAssert.AreClose(expected, actual, tolerance: 1e-6);
        TensorAssert.AreClose(gradient, network.weight.grad!, tolerance: 1e-6);
    }

    [TestMethod]
    public void Apply_ToMixedExamples_IsRefused()
    {
        using var data = Numbered(4);

        var error = Assert.ThrowsExactly<ArgumentException>(() => Apply(data, [0, 1, 2, 3], epoch: 1, seed: 1, new MixUp(), new CutMix()));

        Assert.StartsWith("The examples of this batch are mixed already, and each can have two labels only: list one augmentation that mixes.", error.Message);
    }

    [TestMethod]
    public void TrainerOptions_WithTwoThatMix_AreRefused()
    {
        var options = Blobs.Options with { Augmentations = [new MixUp(), new RandomFlip(), new CutMix()] };

        var error = Assert.ThrowsExactly<ValidationException>(options.Validate);

        Assert.AreEqual("TrainerOptions: Augmentations has MixUp and CutMix, but an example can be mixed with one other only: leave all but one of them out.", error.Message);
    }

    [TestMethod]
    public void Create_WithoutLabels_IsRefused()
    {
        var shapes = new Dictionary<string, long[]> { [Batch.FeaturesName] = Shape };

        foreach (var definition in Mixing)
            Assert.StartsWith(
                $"{definition.GetType().Name} mixes labels too, but the rows have no tensor 'label'; they have features.",
                Assert.ThrowsExactly<ArgumentException>(() => definition.Create(shapes)).Message);
    }

    private static Batch Slice(Batch batch, int start, int end)
    {
        string[] names = [Batch.FeaturesName, Batch.LabelName, Batch.WeightName, Batch.OtherLabelName, Batch.OtherWeightName];
        return new(names.Select(name => KeyValuePair.Create(name, batch[name][start..end])));
    }
}
