using MlComponents.Tests.Networks;

namespace MlComponents.Tests.Layers.Blocks;

/// <summary>The blocks of residual networks and of MobileNet.</summary>
[TestClass]
public sealed class ConvolutionalBlockTests
{
    [TestMethod]
    public void ForwardAndBackward_WithTheSameWeights_EqualTorchvision()
    {
        var cases = Fixture.Cases("networks", "blocks");

        Assert.HasCount(36, cases);
        foreach (var @case in cases)
            using (var layer = @case.Component<LayerDefinition>("definition").Create(NetworkCase.Shape(@case)))
                NetworkCase.AssertEqual(@case, layer, forward: 1e-5);
    }

    [TestMethod]
    public void Forward_WithZeroInit_IsTheRectifiedInput()
    {
        foreach (var definition in new LayerDefinition[] { new ResidualBlock { Channels = 4, ZeroInit = true }, new BottleneckBlock { Width = 1, ZeroInit = true } })
        {
            using var scope = NewDisposeScope();
            using var layer = definition.Create([4, 5, 5]);
            var x = randn(2, 4, 5, 5);

            TensorAssert.AreClose(nn.functional.relu(x), layer.call(x), tolerance: 1e-7);
        }
    }

    [TestMethod]
    [DataRow(64, 4, 8, 16)]
    [DataRow(72, 4, 8, 24)]    // 18 would be 16, which is less than 90% of it
    [DataRow(960, 4, 8, 240)]
    [DataRow(10, 16, 1, 1)]
    [DataRow(10, 4, 1, 2)]
    public void SqueezeExcitation_OfChannels_RoundsTheInnerOnes(int channels, int reduction, int multiple, int squeezed)
    {
        using var layer = new SqueezeExcitation { Reduction = reduction, Multiple = multiple }.Create([channels, 4, 4]);

        CollectionAssert.AreEqual(new long[] { squeezed, channels, 1, 1 }, layer.get_parameter("fc1.weight")!.shape);
    }

    [TestMethod]
    public void Create_OfOtherShapes_SaysWhatIsNeeded()
    {
        foreach (var definition in new LayerDefinition[] { new ResidualBlock(), new BottleneckBlock(), new SqueezeExcitation(), new InvertedResidual() })
        {
            var expected = $"{definition.GetType().Name} needs examples of shape [C, H, W], but these have the shape [4, 6].";

            Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentException>(() => definition.Create([4, 6])).Message);
            Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentException>(() => definition.Describe([4, 6])).Message);
        }
    }

    [TestMethod]
    public void InvertedResidual_OfAttentionThatChangesTheShape_RefusesIt()
    {
        var definition = new InvertedResidual { Expanded = 8, Attention = new ResidualBlock { Channels = 4 } };

        var error = Assert.ThrowsExactly<ArgumentException>(() => definition.Create([8, 6, 6]));

        Assert.AreEqual("InvertedResidual's Attention must keep the shape, but ResidualBlock makes [4, 6, 6] of [8, 6, 6]: use a layer such as SqueezeExcitation.", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => definition.Describe([8, 6, 6]));
    }

    [TestMethod]
    public void InvertedResidual_WithAnEvenKernel_IsNotValid()
    {
        var error = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(new InvertedResidual { KernelSize = 4 }.Validate);

        Assert.AreEqual("InvertedResidual: KernelSize is 4; allowed are odd numbers, so that padding can keep the size.", error.Message);
    }
}
