namespace MlComponents.Tests.Training.Finders;

[TestClass]
public sealed class LearningRateCurveTests
{
    /// <summary>Rates in equal ratios, 10 to a decade.</summary>
    private static readonly double[] Rates = [.. Enumerable.Range(0, 61).Select(i => Math.Pow(10, -5 + i / 10.0))];

    [TestMethod]
    public void Suggestion_OfASmoothFall_IsItsSteepestRate()
    {
        var curve = new LearningRateCurve(Rates, [.. Rates.Select(rate => 2 / (1 + rate / 1e-2))], smoothing: 0);   // a logistic of log rate, steepest at 1e-2

        Assert.AreEqual(1e-2, curve.Suggestion, 1e-9);
        Assert.IsNull(curve.Problem);
    }

    [TestMethod]
    public void Suggestion_OfSmoothedLosses_DoesntMoveToHigherRates()
    {
        var curve = new LearningRateCurve(Rates, [.. Rates.Select(rate => 2 / (1 + rate / 1e-2))], smoothing: 0.9);

        Assert.IsInRange(0.8e-2, 1.26e-2, curve.Suggestion);
    }

    [TestMethod]
    public void Suggestion_OfALossThatExplodesInTheEnd_IsStillWhereItFell()
    {
        double[] losses = [.. Rates.Select(rate => 2 / (1 + rate / 1e-3) + (rate > 1 ? Math.Pow(rate, 12) : 0))];

        var curve = new LearningRateCurve(Rates, losses, smoothing: 0.8);

        Assert.AreEqual(losses[^1], curve.Points[^1].Loss);
        Assert.IsLessThanOrEqualTo(2, curve.Points[^1].Smoothed);
        Assert.IsInRange(0.5e-3, 2e-3, curve.Suggestion);
    }

    [TestMethod]
    public void Smoothed_OfThreeLosses_AreMeansForwardsAndBackwards()
    {
        var curve = new LearningRateCurve([1, 2, 3], [4, 2, 0], smoothing: 0.5);

        // Forwards: 4, (2·2 + 4) / 3 = 8/3, (4·0 + 2·2 + 4) / 7 = 8/7; and of these backwards: 8/7, (2·8/3 + 8/7) / 3, (4·4 + 2·8/3 + 8/7) / 7.
        Assert.AreEqual(472.0 / 147, curve.Points[0].Smoothed, 1e-12);
        Assert.AreEqual(136.0 / 63, curve.Points[1].Smoothed, 1e-12);
        Assert.AreEqual(8.0 / 7, curve.Points[2].Smoothed, 1e-12);
    }

    [TestMethod]
    public void Suggestion_OfNoise_IsAnErrorThatSaysSo()
    {
        var random = new Random(1);

        var curve = new LearningRateCurve(Rates, [.. Rates.Select(_ => 2 + 0.1 * random.NextDouble())]);

        Assert.StartsWith("The loss falls by 0", curve.Problem);
        Assert.Contains("between the rates 1e-05 and 10, no more than it jumps about, 0.0", curve.Problem);
        Assert.AreEqual(curve.Problem, Assert.ThrowsExactly<InvalidOperationException>(() => curve.Suggestion).Message);
    }

    [TestMethod]
    public void Suggestion_OfALossThatOnlyRises_IsAnError() =>
        Assert.Contains("no more than it jumps about", new LearningRateCurve(Rates, [.. Rates.Select(rate => 1 + rate)]).Problem!);

    [TestMethod]
    public void Suggestion_OfALossThatRisesAlmostFromTheBeginning_IsAnError() => Assert.StartsWith(
        "The loss rises from the rate 2.51e-05 on", new LearningRateCurve(Rates, [.. Rates.Select((_, i) => i < 5 ? 5.0 - i : 1 + 0.1 * (i - 4))], smoothing: 0).Problem);

    [TestMethod]
    public void Suggestion_OfALossThatFallsToTheEnd_IsWhereItFallsFastest() =>
        Assert.AreEqual(Rates[^2], new LearningRateCurve(Rates, [.. Rates.Select((_, i) => -Math.Pow(i, 2))], smoothing: 0).Suggestion);

    [TestMethod]
    public void Suggestion_OfNoPoint_IsAnError() =>
        Assert.Contains("The loss diverged after 0 steps", new LearningRateCurve([], []).Problem!);

    [TestMethod]
    public void New_OfWhatIsNoCurve_SaysWhy()
    {
        Assert.Contains("There are 2 rates, but 1 losses.", Assert.ThrowsExactly<ArgumentException>(() => new LearningRateCurve([1, 2], [1])).Message);
        foreach (var rates in new double[][] { [0, 1], [2, 1], [1, 1], [1, double.NaN] })
            Assert.Contains("The rates must be above 0, each higher than the one before.", Assert.ThrowsExactly<ArgumentException>(() => new LearningRateCurve(rates, [1, 1])).Message);
    }
}
