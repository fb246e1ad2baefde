using System.Text.Json;
using TorchSharp.Modules;

namespace MlComponents.Tests.Training.Averaging;

[TestClass]
public sealed class WeightAverageTests
{
    public static IEnumerable<object[]> Cases => Fixture.Cases("averages", "averages").Select((_, i) => new object[] { i });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Update_OverSteps_GivesTheAverageOfPyTorch(int index)
    {
        using var scope = NewDisposeScope();
        var sample = Fixture.Cases("averages", "averages")[index];
        using var network = Network();
        using var average = sample.Component<WeightAverageDefinition>("definition").Create(network);

        Walk(network, average, sample);
        average.Swap();

        foreach (var (name, expected) in sample.Tensors("expected"))
            TensorAssert.AreClose(expected, network.state_dict()[name], 1e-5);
        average.Swap();
        foreach (var (name, expected) in Steps(sample)[^1])
            CollectionAssert.AreEqual(expected.bytes.ToArray(), network.state_dict()[name].bytes.ToArray(), $"{name} came back");
    }

    [TestMethod]
    public void Update_OfCountersOfAnAverage_CopiesThem()
    {
        using var scope = NewDisposeScope();
        var sample = Fixture.Cases("averages", "averages")[0];
        using var network = Network();
        using var average = new ExponentialMovingAverage().Create(network);

        Walk(network, average, sample);
        average.Swap();

        Assert.AreEqual(6, network.state_dict()["1.num_batches_tracked"].item<long>());
    }

    [TestMethod]
    [DataRow("""{ "name": "ema", "decay": 0.9 }""")]
    [DataRow("""{ "name": "swa", "startFraction": 0, "everySteps": 1 }""")]
    public void LoadState_OfASavedOne_GoesOnToTheBit(string json)
    {
        using var scope = NewDisposeScope();
        var definition = ComponentJson.Read<WeightAverageDefinition>(json);
        var steps = Steps(Fixture.Cases("averages", "averages")[0]);
        using var network = Network();
        using var straight = definition.Create(network);
        using var first = definition.Create(network);
        using var second = definition.Create(network);
        using var state = new ComponentState();

        for (var i = 0; i < steps.Count; i++)
        {
            StateDict.Load(network, steps[i]);
            straight.Update(Position(i + 1, steps.Count));
            (i < 3 ? first : second).Update(Position(i + 1, steps.Count));
            if (i != 2)
                continue;
            first.SaveState(state);
            second.LoadState(state);
        }

        CollectionAssert.AreEqual(Averaged(network, straight), Averaged(network, second));
        CollectionAssert.AreNotEqual(Averaged(network, first), Averaged(network, second));
    }

    [TestMethod]
    public void LoadState_BeforeTheFirstUpdate_StaysWithoutWeights()
    {
        using var network = Network();
        using var average = new ExponentialMovingAverage().Create(network);
        using var again = new ExponentialMovingAverage().Create(network);
        using var state = new ComponentState();

        average.SaveState(state);
        again.LoadState(state);

        Assert.IsFalse(again.HasWeights);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(again.Swap).Message, "There is no average of the weights yet");
    }

    [TestMethod]
    public void LoadState_OfAnotherNetwork_SaysWhatDiffers()
    {
        using var network = Network();
        using var other = nn.Linear(7, 7);
        using var average = new ExponentialMovingAverage().Create(network);
        using var another = new ExponentialMovingAverage().Create(other);
        using var state = new ComponentState();
        average.Update(Position(1, 1));

        average.SaveState(state);

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => another.LoadState(state)).Message, "no tensor 'bias'");
    }

    [TestMethod]
    public void Update_OfBFloat16_AveragesInFloat32()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(2, 2, hasBias: false).to(ScalarType.BFloat16);
        using var average = new ExponentialMovingAverage { Decay = 0.999, WarmUp = false }.Create(network);
        using var state = new ComponentState();
        Fill(network, 1);
        average.Update(Position(1, 1000));

        Fill(network, 2);
        for (var step = 2; step <= 500; step++)
            average.Update(Position(step, 1000));
        average.SaveState(state);

        var expected = 2 - Math.Pow(0.999, 499);   // in bfloat16 1 + 0.001 is 1 again
        TensorAssert.AreClose(full([2, 2], expected, ScalarType.Float32), state.Tensors["weight"], 1e-5);
        average.Swap();
        Assert.AreEqual(expected, network.weight!.to(ScalarType.Float32).mean().item<float>(), 1.0 / 128);
        average.Swap();
        Assert.AreEqual(2f, network.weight!.to(ScalarType.Float32).max().item<float>());
    }

    [TestMethod]
    public void Update_OfAWeightInTwoPlaces_AveragesItOnce()
    {
        using var scope = NewDisposeScope();
        using var shared = nn.Linear(2, 2, hasBias: false);
        using var network = nn.Sequential(("a", shared), ("b", shared));
        using var average = new ExponentialMovingAverage { Decay = 0.5, WarmUp = false }.Create(network);
        Fill(shared, 0);
        average.Update(Position(1, 2));

        Fill(shared, 1);
        average.Update(Position(2, 2));
        average.Swap();

        Assert.AreEqual(0.5f, shared.weight!.max().item<float>());
    }

    [TestMethod]
    public void Update_OfWeightsThatStay_LeavesThemToTheBit()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(50, 50);
        var before = TrainerTests.Bits(network);
        using var average = new ExponentialMovingAverage { Decay = 0.7 }.Create(network);

        for (var step = 1; step <= 50; step++)
            average.Update(Position(step, 50));

        CollectionAssert.AreEqual(before, Averaged(network, average));
    }

    [TestMethod]
    public void AnAverage_FreesAllItsTensors()
    {
        using var network = Network();
        var before = TensorAssert.LiveCount();

        using (NewDisposeScope())
        {
            using var average = new ExponentialMovingAverage().Create(network);
            average.Update(Position(1, 2));
            average.Update(Position(2, 2));
            average.Swap();
        }

        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void ScheduleFactor_OfSwa_IsItsOwnAfterTheStart()
    {
        var swa = new StochasticWeightAveraging { LearningRateFactor = 0.5 };

        Assert.IsNull(swa.ScheduleFactor(new(74, 100, 10)));
        Assert.AreEqual(0.5, swa.ScheduleFactor(new(75, 100, 10)));
        Assert.IsNull((swa with { LearningRateFactor = null }).ScheduleFactor(new(99, 100, 10)));
        Assert.AreEqual(0.5, (swa with { StartEpoch = 2 }).ScheduleFactor(new(10, 100, 10)));
        Assert.IsNull((swa with { StartEpoch = 2 }).ScheduleFactor(new(9, 100, 10)));
        Assert.IsNull(new ExponentialMovingAverage().ScheduleFactor(new(99, 100, 10)));
    }

    [TestMethod]
    public void NeedsBatchStatistics_OfSwa_IsSoFromAnUpdateUntilTheyAreKept()
    {
        using var network = Network();
        using var without = nn.Linear(2, 2);
        using var average = new StochasticWeightAveraging().Create(network);
        using var plain = new StochasticWeightAveraging().Create(without);
        var before = average.NeedsBatchStatistics;
        average.Update(Position(1, 1));
        plain.Update(Position(1, 1));

        var updated = average.NeedsBatchStatistics;
        average.Swap();
        average.KeepBatchStatistics();

        Assert.IsFalse(before);
        Assert.IsTrue(updated);
        Assert.IsFalse(average.NeedsBatchStatistics);
        Assert.IsFalse(plain.NeedsBatchStatistics);
    }

    private static Sequential Network() => nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 3), nn.BatchNorm1d(3));

    private static SchedulePosition Position(long step, long steps) => new(step, steps, 2);

    private static List<Dictionary<string, Tensor>> Steps(JsonElement sample) =>
        [.. sample.GetProperty("steps").EnumerateArray().Select(step => step.EnumerateObject().ToDictionary(tensor => tensor.Name, tensor => step.Tensor(tensor.Name)))];

    private static void Walk(nn.Module network, WeightAverage average, JsonElement sample)
    {
        var steps = Steps(sample);
        for (var i = 0; i < steps.Count; i++)
        {
            StateDict.Load(network, steps[i]);
            average.Update(new(i + 1, steps.Count, sample.GetProperty("stepsPerEpoch").GetInt64()));
        }
    }

    private static byte[] Averaged(nn.Module network, WeightAverage average)
    {
        average.Swap();
        var bits = TrainerTests.Bits(network);
        average.Swap();
        return bits;
    }

    private static void Fill(nn.Module network, double value)
    {
        using var mode = no_grad();
        foreach (var parameter in network.parameters())
            parameter.fill_(value);
    }
}
