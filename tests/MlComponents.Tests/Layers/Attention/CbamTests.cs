using MlComponents.Tests.Networks;

namespace MlComponents.Tests.Layers;

[TestClass]
public sealed class CbamTests
{
    [TestMethod]
    public void ForwardAndBackward_OfBothForms_EqualPyTorch()
    {
        var cases = Fixture.Cases("segmentation", "cbams");

        Assert.HasCount(4, cases);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            var x = @case.Tensor("input").requires_grad_();
            using var layer = @case.Component<LayerDefinition>("layer").Create(x.shape[1..]);
            NetworkFilling.Fill(layer, @case.GetProperty("seed").GetInt64()).to(x.dtype);
            var backward = x.dtype == ScalarType.Float64 ? 1e-10 : 1e-4;

            var y = layer.call(x);
            (y * @case.Tensor("upstream")).sum().backward();

            TensorAssert.AreClose(@case.Tensor("output"), y, Fixture.Tolerance(x));
            TensorAssert.AreClose(@case.Tensor("inputGradient"), x.grad!, backward);
            var expected = @case.Tensors("gradients");
            CollectionAssert.AreEquivalent(expected.Keys, layer.state_dict().Keys.ToList());
            foreach (var (key, gradient) in expected)
                TensorAssert.AreClose(gradient, layer.get_parameter(key)!.grad!, backward);
        }
    }

    [TestMethod]
    [DataRow(256, 722_113)]     // 590,080 of the convolution, 131,584 of the channels, 304 + 145 of the positions
    [DataRow(2, 499)]           // 38 + 12 + 304 + 145
    public void Describe_OfTmosForm_CountsItsWeights(long channels, long parameters) => AssertCount(Cbam.OfTmo, channels, parameters);

    [TestMethod]
    [DataRow(64, 679)]          // 64·4 + 4 + 4·64 + 64 = 580 of the channels, 2·49 + 1 = 99 of the positions
    [DataRow(16, 148)]
    public void Describe_OfThePapersForm_CountsItsWeights(long channels, long parameters) => AssertCount(new Cbam(), channels, parameters);

    [TestMethod]
    public void Create_OfChannelsThatTheReductionDoesNotDivide_SaysWhatToDo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Cbam().Create([24, 8, 8]));

        Assert.StartsWith("Cbam's Reduction of 16 doesn't divide 24 channels: choose a divisor of them, e.g. 1.", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => new Cbam().Describe([24, 8, 8]));
        Assert.ThrowsExactly<ArgumentException>(() => new Cbam().Create([32, 8]));
    }

    [TestMethod]
    public void Validate_OfAnEvenKernel_SaysThatItMustBeOdd()
    {
        var error = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => new Cbam { KernelSize = 4 }.Validate());

        Assert.AreEqual("Cbam: KernelSize is 4; allowed are odd numbers, so that padding can keep the size.", error.Message);
    }

    private static void AssertCount(Cbam definition, long channels, long parameters)
    {
        using var layer = definition.Create([channels, 8, 8]);

        var description = definition.Describe([channels, 8, 8]);

        Assert.AreEqual(parameters, description.Parameters);
        Assert.AreEqual(parameters, layer.parameters().Sum(parameter => parameter.numel()));
        CollectionAssert.AreEqual(new long[] { channels, 8, 8 }, description.OutputShape.ToArray());
    }
}
