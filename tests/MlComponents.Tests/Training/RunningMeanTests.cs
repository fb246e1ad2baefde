namespace MlComponents.Tests.Training;

[TestClass]
public sealed class RunningMeanTests
{
    [TestMethod]
    public void Compute_OfWeightedValues_IsTheirMeanInFloat64()
    {
        using var scope = NewDisposeScope();
        using var mean = new RunningMean();

        mean.Add(tensor(1f), tensor(3.0));
        mean.Add(tensor(1e-9), tensor(1f));

        Assert.AreEqual((3 + 1e-9) / 4, mean.Compute(), 1e-15);
    }

    [TestMethod]
    public void Compute_OfNothingThatWeighs_IsNoNumber()
    {
        using var scope = NewDisposeScope();
        using var none = new RunningMean();
        using var weightless = new RunningMean();
        weightless.Add(tensor(1f), 0);

        Assert.IsTrue(double.IsNaN(none.Compute()));
        Assert.IsTrue(double.IsNaN(weightless.Compute()));
    }

    [TestMethod]
    public void Add_OfAValueWithAGradient_KeepsNeitherItNorItsGraph()
    {
        using var scope = NewDisposeScope();
        using var mean = new RunningMean();
        var x = tensor(2f).requires_grad_();

        TensorAssert.LeavesOnly(0, () => mean.Add(x, 5));
        using (NewDisposeScope())
            mean.Add(x * x, 5);

        Assert.AreEqual(3, mean.Compute());
    }
}
