using System.Text.Json;

namespace MlComponents.Tests.Training.Schedules;

[TestClass]
public sealed class ScheduleTests
{
    [TestMethod]
    public void Factor_OfPyTorchsCases_EqualsPyTorch()
    {
        var cases = Fixture.Cases("maths", "schedules");

        Assert.HasCount(5, cases);
        foreach (var @case in cases)
        {
            var schedule = @case.Component<ScheduleDefinition>("schedule");
            var (total, perEpoch) = (@case.GetProperty("totalSteps").GetInt64(), @case.GetProperty("stepsPerEpoch").GetInt64());
            var expected = @case.GetProperty("factors").Deserialize<double[]>()!;
            for (var step = 0; step < expected.Length; step++)
                Assert.AreEqual(expected[step], schedule.Factor(new(step, total, perEpoch)), 1e-12, $"{schedule} at step {step}");
        }
    }

    [TestMethod]
    public void Constant_Everywhere_IsOne()
    {
        foreach (var step in new long[] { 0, 1, 99, 100, long.MaxValue })
            Assert.AreEqual(1, new Constant().Factor(new(step, 100, 10)));
    }

    [TestMethod]
    public void Cosine_WithWarmup_RisesInEqualStepsAndThenFalls()
    {
        var schedule = new Cosine { WarmupFraction = 0.4, MinimumFactor = 0.2 };   // 4 of 10 steps, then half a cosine of 6

        double[] factors = [.. Enumerable.Range(0, 13).Select(step => schedule.Factor(new(step, 10, 5)))];

        double[] expected =
        [
            0.25, 0.5, 0.75, 1,
            1, 0.6 + 0.4 * Math.Sqrt(3) / 2, 0.8, 0.6, 0.4, 0.6 - 0.4 * Math.Sqrt(3) / 2,   // 0.6 + 0.4·cos of 0°, 30°, 60°, 90°, 120°, 150°
            0.2, 0.2, 0.2,                                                                  // all steps done, and beyond
        ];
        for (var step = 0; step < expected.Length; step++)
            Assert.AreEqual(expected[step], factors[step], 1e-12, $"step {step}");
    }

    [TestMethod]
    public void Cosine_WithAlmostNothingButWarmup_StaysWithinItsBounds()
    {
        var schedule = new Cosine { WarmupFraction = 0.999 };

        for (var step = 0; step < 12; step++)
            Assert.IsInRange(0.0, 1.0, schedule.Factor(new(step, 10, 1)));
        Assert.AreEqual(1, schedule.Factor(new(9, 10, 1)));
    }

    [TestMethod]
    public void Cosine_OfARunOfOneStep_TakesItAtTheFullRate()
    {
        Assert.AreEqual(1, new Cosine().Factor(new(0, 1, 1)));
        Assert.AreEqual(1, new Cosine { WarmupFraction = 0.9 }.Factor(new(0, 1, 1)));
    }

    [TestMethod]
    public void Step_WithinAndBetweenEpochs_FallsEverySoManyEpochs()
    {
        var schedule = new Step { Every = 2, Gamma = 0.5 };   // 3 steps an epoch: falls at steps 6, 12, ...

        Assert.AreEqual(1, schedule.Factor(new(0, 30, 3)));
        Assert.AreEqual(1, schedule.Factor(new(5, 30, 3)));
        Assert.AreEqual(0.5, schedule.Factor(new(6, 30, 3)));
        Assert.AreEqual(0.25, schedule.Factor(new(12, 30, 3)));
        Assert.AreEqual(Math.Pow(0.5, 5), schedule.Factor(new(30, 30, 3)));
        Assert.AreEqual(0, schedule.Factor(new(long.MaxValue, 30, 3)));
    }
}
