namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class LossParityTests
{
    [TestMethod]
    [DataRow("cross-entropy", 40)]
    [DataRow("binary-cross-entropy", 18)]
    [DataRow("mean-squared-error", 6)]
    [DataRow("huber", 18)]
    public void ForwardAndBackward_OfPyTorchsCases_EqualPyTorch(string name, int cases)
    {
        var found = Fixture.Cases("maths", "losses").Where(@case => @case.GetProperty("loss").GetProperty("name").GetString() == name).ToList();

        Assert.HasCount(cases, found);
        foreach (var @case in found)
        {
            using var scope = NewDisposeScope();
            var prediction = @case.Tensor("prediction");
            var target = @case.Tensor("target");
            var classes = prediction.dim() > 1 ? prediction.shape[1] : 1;
            using var loss = @case.Component<LossDefinition>("loss").Create(classes);

            foreach (var weight in new[] { null, ones(prediction.shape[0]) })   // all ones take the path with weights, and change nothing
            {
                var x = prediction.clone().requires_grad_();
                var value = loss.call(x, target, weight);
                value.backward();

                Assert.AreEqual(prediction.dtype, value.dtype);
                TensorAssert.AreClose(@case.Tensor("value"), value, Fixture.Tolerance(value));
                TensorAssert.AreClose(@case.Tensor("gradient"), x.grad!, Fixture.Tolerance(value));
            }
        }
    }
}
