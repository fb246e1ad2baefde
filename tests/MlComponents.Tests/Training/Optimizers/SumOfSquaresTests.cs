namespace MlComponents.Tests.Training.Optimizers;

[TestClass]
public sealed class SumOfSquaresTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(31)]
    [DataRow(64)]
    [DataRow(67)]
    [DataRow(4096)]
    [DataRow(4097)]
    [DataRow(12_345)]
    public void Of_Ones_IsTheirNumber(int count) => Assert.AreEqual(count, SumOfSquares.Of(Enumerable.Repeat(1f, count).ToArray()));

    [TestMethod]
    public void Of_ConsecutiveNumbers_EqualsTheFormula()
    {
        var numbers = Enumerable.Range(1, 5000).Select(i => (float)i).ToArray();

        Assert.AreEqual(5000.0 * 5001 * 10_001 / 6, SumOfSquares.Of(numbers), 1e-6 * 41_679_167_500);
    }

    [TestMethod]
    public void Of_ManyEqualNumbers_KeepsItsPrecision() =>
        Assert.AreEqual(0.01 * 20_000_000, SumOfSquares.Of(Enumerable.Repeat(0.1f, 20_000_000).ToArray()), 1.0);
}
