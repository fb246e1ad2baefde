using System.Diagnostics;
using MlComponents.TestKit;

namespace MlComponents.Tests.Training;

/// <summary>What a long run, and many runs, leave in memory.</summary>
[TestClass]
public sealed class EnduranceTests
{
    private const int CheckpointSteps = 100;
    private const int Early = 4_050, Middle = 12_050, Late = 20_050;   // half-way between two checkpoints

    [TestMethod]
    [SlowTest]
    [TestCategory("Slow")]
    [DoNotParallelize]   // the memory is that of the process
    public void Fit_TwentyThousandSteps_NeitherTensorsNorMemoryGrow()
    {
        using var training = Blobs.Create(3200, seed: 1);   // 100 steps an epoch
        using var validation = Blobs.Create(64, seed: 2);
        var folder = Directory.CreateTempSubdirectory("endurance");
        var tensors = new Dictionary<long, long>();
        var memory = new Dictionary<long, long>();
        var options = Blobs.Options with
        {
            MaxSteps = Late, AccumulateBatches = 2, MaxGradientNorm = 1, Average = new ExponentialMovingAverage(), ValidateEvery = 500,
            Checkpoints = new() { Folder = folder.FullName, EverySteps = CheckpointSteps, EveryEpoch = false }, Callbacks = [new LambdaCallback { OnStepEnd = Look }],
        };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

        folder.Delete(recursive: true);
        Assert.AreEqual(tensors[Early], tensors[Middle], "tensors");
        Assert.AreEqual(tensors[Early], tensors[Late], "tensors");
        Assert.IsLessThan(1024, GrowthPerStep(Early, Middle), "bytes a step at first");
        Assert.IsLessThan(256, GrowthPerStep(Middle, Late), "bytes a step later");   // 2 MB in all: what the allocators' pages vary by, and the history's rows

        double GrowthPerStep(int from, int to) => (memory[to] - memory[from]) / (double)(to - from);

        void Look(StepEnd e)
        {
            if (e.Step is not (Early or Middle or Late))
                return;
            var newest = Path.Combine(folder.FullName, CheckpointFiles.NameOf(e.Step / CheckpointSteps * CheckpointSteps));
            Assert.IsTrue(SpinWait.SpinUntil(() => Directory.Exists(newest), TimeSpan.FromMinutes(1)), "no copy of the weights waits for the disk");
            memory[e.Step] = ResidentBytes();
            tensors[e.Step] = TensorAssert.LiveCount();
        }
    }

    // TorchSharp's count of tensors keeps the one from which a parameter is made: the parameter takes its handle away, so that it isn't counted down. No memory goes with it.
    [TestMethod]
    public void Fit_LeavesNoMoreTensorsThanBuildingItsNetworkDoes()
    {
        using var training = Blobs.Create(64, seed: 1);
        var context = NetworkContext.Of([2], Blobs.Classes);
        Train();
        var before = TensorAssert.LiveCount();
        Blobs.Network.Build(context).Dispose();
        var building = TensorAssert.LiveCount() - before;

        Train();
        Train();

        Assert.AreEqual(before + 3 * building, TensorAssert.LiveCount());

        void Train() => new Trainer(Blobs.Options with { Average = new ExponentialMovingAverage(), MaxGradientNorm = 1 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training).Dispose();
    }

    [TestMethod]
    [DoNotParallelize]   // the memory is that of the process
    public void Fit_OfABigNetworkManyTimes_KeepsNoneOfThem()
    {
        using var training = Blobs.Create(16, seed: 1);
        Train();
        var before = ResidentBytes();

        for (var run = 0; run < 10; run++)
            Train();

        Assert.IsLessThan(30_000_000, ResidentBytes() - before, "bytes");   // the weights of one take 36 MB

        void Train() => new Trainer(Blobs.Options with { MaxSteps = 1 }).Fit(new Mlp { Hidden = [3000, 3000] }, Objective.Multiclass(Blobs.Classes), training).Dispose();
    }

    [TestMethod]
    [SlowTest]
    [TestCategory("Slow")]
    public void Fit_WhileAnotherThreadCollects_ReadsNoFreedScalar()
    {
        using var training = Blobs.Create(320, seed: 1);
        var options = Blobs.Options with { MaxSteps = 15_000, AccumulateBatches = 2, MaxGradientNorm = 0.1, Average = new ExponentialMovingAverage() };
        var isOver = false;
        var collector = new Thread(Collect);
        collector.Start();

        try
        {
            using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

            Assert.AreEqual(15_000, result.History[^1].Step);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            collector.Join();
        }

        void Collect()
        {
            while (!Volatile.Read(ref isOver))
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
