namespace MlComponents.Tests.Observation;

[TestClass]
public sealed class ActivationStatisticsTests
{
    [TestMethod]
    public void Read_OfNumbersWithNaNAndInfinities_IsOfTheFiniteOnes()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, -3, 0, float.NaN, 0, float.PositiveInfinity, 6, float.NegativeInfinity });

        var statistics = ActivationStatistics.Read([ActivationStatistics.Compute(x)])[0];

        Assert.AreEqual(0.8, statistics.Mean, 1e-6);                                  // (1 − 3 + 6) / 5
        Assert.AreEqual(Math.Sqrt(42.8 / 5), statistics.StandardDeviation, 1e-6);     // 0.2² + 3.8² + 2·0.8² + 5.2² = 42.8
        Assert.AreEqual((-3.0, 6.0, 0.25, 0.375), (statistics.Smallest, statistics.Largest, statistics.ZeroShare, statistics.NonFiniteShare));
        Assert.AreEqual(Math.Sqrt(46.0 / 5), statistics.RootMeanSquare, 1e-6);
    }

    [TestMethod]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Int64)]
    [DataRow(ScalarType.Bool)]
    [DataRow(ScalarType.Float64)]
    public void Read_OfOtherTypes_IsThatOfTheirNumbers(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 0f, 1, 1, 1 }).view(2, 2).to(type);

        var statistics = ActivationStatistics.Read([ActivationStatistics.Compute(x)])[0];

        Assert.AreEqual((0.75, 0.0, 1.0, 0.25, 0.0), (statistics.Mean, statistics.Smallest, statistics.Largest, statistics.ZeroShare, statistics.NonFiniteShare));
    }

    [TestMethod]
    public void Read_WhereNothingIsFinite_IsNaN()
    {
        using var scope = NewDisposeScope();

        var statistics = ActivationStatistics.Read([ActivationStatistics.Compute(full(3, float.NaN)), ActivationStatistics.Compute(empty(0))]);

        Assert.AreEqual(new(double.NaN, double.NaN, double.NaN, double.NaN, 0, 1), statistics[0]);
        Assert.AreEqual(new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN), statistics[1]);
    }

    [TestMethod]
    public void Compute_LeavesOnlyItsResult()
    {
        using var scope = NewDisposeScope();
        var x = randn(3, 4, requires_grad: true);

        TensorAssert.LeavesOnly(1, () => ActivationStatistics.Compute(x));
        TensorAssert.LeavesOnly(0, () => ActivationStatistics.Read([zeros(6, ScalarType.Float64).DetachFromDisposeScope()]));
    }
}
