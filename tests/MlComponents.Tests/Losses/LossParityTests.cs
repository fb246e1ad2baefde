namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class LossParityTests
{
    [TestMethod]
    [DataRow("binary-cross-entropy", 50)]
    [DataRow("cosine-embedding", 18)]
    [DataRow("cross-entropy", 107)]
    [DataRow("dice", 48)]
    [DataRow("focal", 150)]
    [DataRow("huber", 20)]
    [DataRow("jaccard", 48)]
    [DataRow("kullback-leibler", 15)]
    [DataRow("lovasz-softmax", 34)]
    [DataRow("mean-absolute-error", 10)]
    [DataRow("mean-squared-error", 10)]
    [DataRow("ohem-cross-entropy", 42)]
    [DataRow("quantile", 24)]
    [DataRow("triplet", 18)]
    [DataRow("tversky", 54)]
    [DataRow("weighted-sum", 3)]
    public void ForwardAndBackward_OfPyTorchsCases_EqualPyTorch(string name, int cases)
    {
        var found = Fixture.Cases("losses", "losses").Where(@case => @case.GetProperty("loss").GetProperty("name").GetString() == name).ToList();

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
                value.sum().backward();

                Assert.AreEqual(prediction.dtype, value.dtype);
                TensorAssert.AreClose(@case.Tensor("value"), value, Fixture.Tolerance(value));
                TensorAssert.AreClose(@case.Tensor("gradient"), x.grad!, Fixture.Tolerance(value));
            }
        }
    }
}
