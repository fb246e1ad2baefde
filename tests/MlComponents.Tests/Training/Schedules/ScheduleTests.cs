using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace MlComponents.Tests.Training.Schedules;

[TestClass]
public sealed class ScheduleTests
{
    [TestMethod]
    [DataRow("epochs", 7)]
    [DataRow("steps", 20)]
    public void Factor_OfPyTorchsCases_EqualsPyTorch(string part, int count)
    {
        var cases = Fixture.Cases("schedules", part);

        Assert.HasCount(count, cases);
        foreach (var @case in cases)
        {
            var schedule = @case.Component<ScheduleDefinition>("schedule");
            var (total, perEpoch) = (@case.GetProperty("totalSteps").GetInt64(), @case.GetProperty("stepsPerEpoch").GetInt64());
            var expected = @case.GetProperty("factors").Deserialize<double[]>()!;
            for (var step = 0; step < expected.Length; step++)
                Assert.AreEqual(expected[step], schedule.Factor(new(step, total, perEpoch)), 1e-9, $"{schedule} at step {step}");
        }
    }

    [TestMethod]
    public void Examples_HaveEverySchedule()
    {
        var types = ScheduleExamples.All.Select(schedule => schedule.GetType()).Distinct().ToList();

        CollectionAssert.AreEquivalent(Definitions.Registered.Where(type => type.IsAssignableTo(typeof(ScheduleDefinition))).ToList(), types);
    }

    [TestMethod]
    public void Factor_Anywhere_IsFiniteAndNotNegative()
    {
        foreach (var schedule in ScheduleExamples.All)
        {
            schedule.Validate();
            foreach (var position in ScheduleExamples.Positions)
                Assert.IsInRange(0.0, 1.0, schedule.Factor(position), $"{schedule} at {position}");
        }
    }

    [TestMethod]
    public void Factor_AgainAndInAnotherOrder_IsTheSame()
    {
        foreach (var schedule in ScheduleExamples.All)
        {
            double[] forwards = [.. ScheduleExamples.Positions.Select(schedule.Factor)];
            double[] backwards = [.. ScheduleExamples.Positions.Reverse().Select(position => (schedule with { }).Factor(position)).Reverse()];

            CollectionAssert.AreEqual(forwards, backwards, schedule.ToString());
        }
    }

    [TestMethod]
    public void Constant_Everywhere_IsOne()
    {
        foreach (var step in new long[] { 0, 1, 99, 100, long.MaxValue })
            Assert.AreEqual(1, new Constant().Factor(new(step, 100, 10)));
    }

    [TestMethod]
    public void Cosine_BeyondTheLastStep_StaysDown()
    {
        Assert.AreEqual(1, new Cosine().Factor(new(0, 1, 1)));   // the only step of a run
        Assert.AreEqual(0.2, new Cosine { MinimumFactor = 0.2 }.Factor(new(15, 10, 1)), 1e-12);
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

    [TestMethod]
    public void CosineRestarts_AtTheEndOfAPeriod_IsOneAgain()
    {
        var schedule = new CosineRestarts { FirstPeriod = 1, PeriodMultiplier = 2 };   // 5 steps an epoch: periods of 5, 10, 20 steps

        foreach (var start in new[] { 0, 5, 15, 35 })
            Assert.AreEqual(1, schedule.Factor(new(start, 100, 5)));
        Assert.AreEqual(0.5, schedule.Factor(new(10, 100, 5)), 1e-12);   // the middle of the second
        Assert.AreEqual(0.5, schedule.Factor(new(25, 100, 5)), 1e-12);   // and of the third
    }

    [TestMethod]
    public void OneCycle_OfAnExponentialShape_RisesInEqualRatios()
    {
        var schedule = new OneCycle { Shape = RampShape.Exponential, RiseFraction = 0.5, StartDivisor = 16, FinalDivisor = 1 };   // up in steps 0 to 4, down in 4 to 9

        double[] factors = [.. Enumerable.Range(0, 10).Select(step => schedule.Factor(new(step, 10, 10)))];

        for (var step = 0; step <= 4; step++)
            Assert.AreEqual(Math.Pow(2, step - 4), factors[step], 1e-12);
        for (var step = 5; step < 10; step++)
            Assert.AreEqual(Math.Pow(16, -(step - 4) / 5.0), factors[step], 1e-12);
    }

    [TestMethod]
    public void Warmup_ByFraction_TakesThatShareOfTheSteps()
    {
        var schedule = new Warmup { Fraction = 0.4, StartFactor = 0.2, Then = new Cosine { MinimumFactor = 0.2 } };   // 4 of 10 steps, then half a cosine of 6

        double[] factors = [.. Enumerable.Range(0, 12).Select(step => schedule.Factor(new(step, 10, 5)))];

        double[] expected =
        [
            0.2, 0.4, 0.6, 0.8,
            1, 0.6 + 0.4 * Math.Sqrt(3) / 2, 0.8, 0.6, 0.4, 0.6 - 0.4 * Math.Sqrt(3) / 2,   // 0.6 + 0.4·cos of 0°, 30°, 60°, 90°, 120°, 150°
            0.2, 0.2,                                                                       // all steps done, and beyond
        ];
        for (var step = 0; step < expected.Length; step++)
            Assert.AreEqual(expected[step], factors[step], 1e-12, $"step {step}");
    }

    [TestMethod]
    public void Warmup_OfAnExponentialShape_RisesInEqualRatios()
    {
        var schedule = new Warmup { Steps = 4, Shape = RampShape.Exponential, StartFactor = 1.0 / 16 };

        double[] factors = [.. Enumerable.Range(0, 6).Select(step => schedule.Factor(new(step, 10, 5)))];

        double[] expected = [1.0 / 16, 1.0 / 8, 0.25, 0.5, 1, 1];
        for (var step = 0; step < expected.Length; step++)
            Assert.AreEqual(expected[step], factors[step], 1e-12, $"step {step}");
    }

    [TestMethod]
    public void Warmup_InFrontOfASchedule_ShiftsItsEpochsAndRisesToItsFirstFactor()
    {
        var step = new Warmup { Steps = 3, Then = new Step { Every = 1, Gamma = 0.5 } };
        var cycle = new Warmup { Steps = 3, StartFactor = 0.5, Then = new OneCycle { StartDivisor = 4 } };

        Assert.AreEqual(1, step.Factor(new(6, 20, 4)));      // 3 steps into an epoch that began after the warm-up
        Assert.AreEqual(0.5, step.Factor(new(7, 20, 4)));
        Assert.AreEqual(0.125, cycle.Factor(new(0, 20, 4)), 1e-12);
        Assert.AreEqual(0.25, cycle.Factor(new(3, 20, 4)), 1e-12);
    }

    [TestMethod]
    public void Validate_OfValuesThatDontFitTogether_SaysWhich()
    {
        AssertRefused(new Warmup { Steps = 5, Fraction = 0.1 }, "Warmup: Steps is 5 and Fraction is 0.1; give one of them, not both.");
        AssertRefused(new Warmup { Then = new Warmup { Steps = 0 } }, "Warmup.Then.Steps is 0; allowed is at least 1.");
        AssertRefused(new MultiStep { Milestones = [2, 5, 5] }, "MultiStep: Milestones has 5 after 5; each must be larger than the one before.");
        AssertRefused(new MultiStep { Milestones = [0] }, "MultiStep.Milestones[0] is 0; allowed is at least 1.");
        AssertRefused(new OneCycle { RiseFraction = 0.6, ThreePhase = true }, "OneCycle: RiseFraction is 0.6, but with ThreePhase the rate falls in as many steps as it rises in: use at most 0.5.");
    }

    private static void AssertRefused(ScheduleDefinition schedule, string message) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<ValidationException>(schedule.Validate).Message);
}
