using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Metrics.Regression;

[TestClass]
public sealed class MeanErrorTests
{
    [TestMethod]
    [DataRow("mae", (1 * 1 + 0.5 * 3 + 2 * 4) / 3.5)]
    [DataRow("mse", (1 * 1 + 0.5 * 9 + 2 * 16) / 3.5)]
    [DataRow("rmse", 3.2732683535398857)]   // √(37.5/3.5)
    public void Compute_OfRaggedWeightedBatches_IsWhatAHandComputes(string preset, double expected)
    {
        using var scope = NewDisposeScope();
        using var metric = ComponentJson.Read<MetricDefinition>($"\"{preset}\"").Create(1);

        metric.Update(tensor(new[] { 1f, 2f }), tensor(new[] { 2f, 5f }), tensor(new[] { 1f, 0.5f }));   // errors 1 and 3
        metric.Update(tensor(new[] { 4f }, 1, 1), tensor(new[] { 0f }), tensor(new[] { 2f }));           // error 4

        Assert.AreEqual(preset, metric.Name);
        Assert.AreEqual(MetricDirection.Falls, metric.Direction);
        Assert.AreEqual(expected, metric.Compute(), 1e-12);
    }

    [TestMethod]
    public void Update_OfValuesThatFloat32CannotAddUp_SumsInFloat64()
    {
        using var scope = NewDisposeScope();
        using var metric = new MeanError { Power = 2 }.Create(1);

        metric.Update(tensor(new[] { 1e30f, 0f }), zeros(2), null);   // the square is infinite in float32
        for (var i = 0; i < 8; i++)
            metric.Update(zeros(1), zeros(1), null);

        Assert.AreEqual(Math.Sqrt(1e60 / 10), metric.Compute(), 1e30 * 1e-6);
    }

    [TestMethod]
    public void Update_OfShapesThatWouldBroadcast_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var metric = new MeanError().Create(1);

        var error = Assert.ThrowsExactly<ArgumentException>(() => metric.Update(randn(4), randn(4, 1), null));

        Assert.AreEqual("The metric 'mae' can't compare outputs [4] with labels [4, 1]: it takes one number per label, [N, ...] or [N, 1, ...] for labels [N, ...].", error.Message);
    }

    [TestMethod]
    [DataRow(3, true, "mean-error-3")]
    [DataRow(4, false, "mean-error-4-without-root")]
    public void Name_OfOtherPowers_SaysThem(int power, bool takesRoot, string expected)
    {
        using var metric = new MeanError { Power = power, TakesRoot = takesRoot }.Create(1);

        Assert.AreEqual(expected, metric.Name);
    }

    [TestMethod]
    public void Validate_OfPowerZero_IsRefused() =>
        Assert.AreEqual("MeanError.Power is 0; allowed is at least 1.", Assert.ThrowsExactly<ValidationException>(new MeanError { Power = 0 }.Validate).Message);
}
