using MlComponents.Tests.Native;
using MlComponents.Tests.Training.Checkpoints;

namespace MlComponents.Tests.Training.Precisions;

/// <summary>Training whose loss is scaled: what the optimizer, clipping and callbacks see of it.</summary>
[TestClass]
[RequiresLinuxX64]
public sealed class ScaledTrainingTests
{
    private static readonly TrainerOptions Scaled = new()
    {
        Epochs = 1, BatchSize = 16, Seed = 1, Device = "cpu", Shuffle = false, Precision = TrainingPrecision.Float16Mixed, Optimizer = new Sgd { LearningRate = 1e-3 },
    };

    [TestMethod]
    public void Fit_WithGradientsTooLargeForTheScale_SkipsStepsUntilTheyFit()
    {
        using var scope = NewDisposeScope();
        using var training = Numbers(count: 320, size: 100);   // gradients of about 100, which float16 holds times 512 and not times 1024
        List<(float Weight, double? Norm)> steps = [];
        var watch = new LambdaCallback { OnStepEnd = e => steps.Add((Weight(e.Run.Network), e.GradientNorm)) };
        float start = 0;
        var first = new LambdaCallback { OnTrainStart = e => start = Weight(e.Run.Network) };

        using var result = new Trainer(Scaled with { Callbacks = [first, watch] }).Fit(Network, Objective.Regression(), training);

        var skipped = steps.TakeWhile(step => step.Norm is null).Count();
        Assert.IsInRange(5, 15, skipped);
        Assert.IsTrue(steps.Take(skipped).All(step => step.Weight == start), "a skipped step moved the weight");
        Assert.IsTrue(steps.Skip(skipped).All(step => step.Norm > 0), "a step was skipped later on");
        Assert.AreNotEqual(start, steps[skipped].Weight);
        Assert.HasCount(20, steps);
    }

    [TestMethod]
    public void Fit_WithSkippedSteps_HidesThemFromTheOptimizer()
    {
        using var training = Numbers(count: 320, size: 100);
        var skipped = 0;
        var moves = new List<float>();
        var watch = new LambdaCallback
        {
            OnTrainStart = e => moves.Add(Weight(e.Run.Network)),
            OnStepEnd = e =>
            {
                skipped += e.GradientNorm is null ? 1 : 0;
                moves.Add(Weight(e.Run.Network));
            },
        };

        using var result = new Trainer(Scaled with { Optimizer = new Adam { LearningRate = 0.01 }, Callbacks = [watch] }).Fit(Network, Objective.Regression(), training);

        // Adam's first update is the learning rate, whatever the gradient is, if it is its first one.
        Assert.AreEqual(0.01, Math.Abs(moves[skipped + 1] - moves[skipped]), 1e-5);
        Assert.IsGreaterThan(0, skipped);
    }

    [TestMethod]
    public void Fit_WithAScaledLoss_SeesTheGradientsOfTheLossItself()
    {
        using var training = Blobs.Create(16, seed: 1);
        (double Norm, double Loss) Step(TrainingPrecision precision)
        {
            (double, double) seen = default;
            var watch = new LambdaCallback { OnStepEnd = e => seen = (e.GradientNorm!.Value, e.Loss!.Value) };
            using var result = new Trainer(Scaled with { Precision = precision, Callbacks = [watch] }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
            return seen;
        }

        var (single, scaled) = (Step(TrainingPrecision.Float32), Step(TrainingPrecision.Float16Mixed));

        Assert.AreEqual(single.Norm, scaled.Norm, 0.005 * single.Norm);
        Assert.AreEqual(single.Loss, scaled.Loss, 0.005 * single.Loss);
    }

    [TestMethod]
    public void Fit_WithAScaledLossAndClipping_ClipsTheGradientsOfTheLossItself()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(16, seed: 1);
        Tensor start = zeros(0), end = zeros(0);
        var watch = new LambdaCallback { OnTrainStart = e => start = Flat(e.Run.Network), OnStepEnd = e => end = Flat(e.Run.Network) };

        using var result = new Trainer(Scaled with { MaxGradientNorm = 0.01, Optimizer = new Sgd { LearningRate = 1 }, Callbacks = [watch] })
            .Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        TensorAssert.AreClose(0.01, (end - start).norm(), 1e-4);
    }

    [TestMethod]
    public void Fit_OfAccumulatedBatches_ScalesEachAsOneBatchOfAll()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(64, seed: 1);

        using var whole = new Trainer(Scaled with { BatchSize = 64 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
        using var parts = new Trainer(Scaled with { AccumulateBatches = 4 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        TensorAssert.AreClose(Flat(whole.Network), Flat(parts.Network), 1e-6);
    }

    [TestMethod]
    public void Fit_WithALossThatIsNotFinite_FailsAtThatStep()
    {
        using var features = ones(32, 2);
        features[20, 0] = float.NaN;
        using var training = new TensorDataset(features.clone(), zeros(32));

        var e = Assert.ThrowsExactly<NonFiniteLossException>(() => new Trainer(Scaled).Fit(Network, Objective.Regression(), training));

        StringAssert.Contains(e.Message, "step 2", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_WithGradientsThatAreNeverFinite_FailsInTheEnd()
    {
        using var training = Numbers(count: 16 * 40, size: 1);

        var e = Assert.ThrowsExactly<NonFiniteLossException>(() => new Trainer(Scaled).Fit(_ => new RootOfZero(), Objective.Regression(), training));

        StringAssert.Contains(e.Message, "step 31", StringComparison.Ordinal);   // after 30 that were skipped
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(15)]
    public void Resume_AfterAnErrorBeforeTheWeightsMoved_EndsWithTheSameBits(int step)
    {
        using var scope = NewDisposeScope();
        using var training = Numbers(count: 320, size: 100);
        using var store = new MemoryStore();
        var skipped = 0;
        var options = Scaled with { Callbacks = [new LambdaCallback { OnStepEnd = e => skipped += e.GradientNorm is null ? 1 : 0 }] };
        var checkpointed = options with { Checkpoints = new Checkpointing { Folder = "unused", Resume = true } };
        var broken = new LambdaCallback
        {
            OnBackwardEnd = e =>
            {
                if (e.Step == step)
                    throw new InvalidOperationException();
            },
        };
        TrainingResult Fit(TrainerOptions with) => new Trainer(with) { OpenStore = _ => store }.Fit(Network, Objective.Regression(), training);

        using var undisturbed = Fit(options);
        var expected = skipped;
        skipped = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(checkpointed with { Callbacks = [.. options.Callbacks, broken] }));
        using var resumed = Fit(checkpointed);

        Assert.AreEqual(step - 1, resumed.ResumedFromStep);
        Assert.AreEqual(expected, skipped);
        TensorAssert.AreClose(Flat(undisturbed.Network), Flat(resumed.Network), 0);
    }

    private static readonly Mlp Network = new() { Hidden = [] };

    private static TensorDataset Numbers(int count, float size)
    {
        using var scope = NewDisposeScope();
        return new TensorDataset(ones(count, 2), full([count], size));
    }

    private static float Weight(nn.Module network) => network.parameters().First().flatten()[0].item<float>();

    private static Tensor Flat(nn.Module network) => cat([.. network.parameters().Select(parameter => parameter.detach().flatten())]);

    /// <summary>A finite output whose gradient isn't, as that of a root at 0.</summary>
    private sealed class RootOfZero : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> linear = nn.Linear(2, 1);

        public RootOfZero() : base(nameof(RootOfZero)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return (linear.call(x) * 0).sqrt().MoveToOuterDisposeScope();
        }
    }
}
