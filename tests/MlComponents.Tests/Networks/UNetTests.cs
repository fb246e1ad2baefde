namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class UNetTests
{
    [TestMethod]
    public void ForwardAndBackward_WithTheSameWeights_EqualTheirPeerInPyTorch() => NetworkCase.AssertNetworks("unets", 3);

    [TestMethod]
    public void Create_WithAThousandClasses_HasThePeersWeights() => NetworkCase.AssertNames("unet", 31_102_568);

    [TestMethod]
    public void Forward_OfABatch_GivesScoresOfEveryPixelAndLeavesNothingElse()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkCase.Create(new UNet { Widths = [3, 5, 4], Normalization = new NoNormalization(), Activation = Activation.Gelu }, [2, 8, 12], outputs: 6);
        var x = randn(3, 2, 8, 12);

        CollectionAssert.AreEqual(new long[] { 3, 6, 8, 12 }, network.call(x).shape);
        TensorAssert.LeavesOnly(1, () => network.call(x));
    }

    [TestMethod]
    public void Backward_OfASmoothNetwork_MatchesFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var network = NetworkCase.Create(new UNet { Widths = [2, 3], Activation = Activation.Silu }, [1, 4, 6], outputs: 2).to(ScalarType.Float64);

        TensorAssert.GradientMatchesDifferences(x => network.call(x).square().sum(), randn(2, 1, 4, 6, ScalarType.Float64));
    }

    [TestMethod]
    public void Train_OnAFewPictures_LearnsThem()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var network = NetworkCase.Create(new UNet { Widths = [4, 8, 8] }, [1, 16, 16], outputs: 2);
        var x = randn(4, 1, 16, 16);
        var target = nn.functional.avg_pool2d(x, 3, stride: 1, padding: 1).squeeze(1).gt(0).@long();   // [N, H, W]

        var losses = Learning.Losses(network, x, target, steps: 25, learningRate: 1e-2);

        Assert.IsLessThan(0.5 * losses[0], losses[^1], string.Join(", ", losses));
    }

    [TestMethod]
    [DataRow(100, 70, "UNet needs heights and widths that are multiples of 16, but these examples are 100 by 70: crop, pad or resize them to a height of 96 or 112 and a width of 64 or 80.")]
    [DataRow(32, 15, "UNet needs heights and widths that are multiples of 16, but these examples are 32 by 15: crop, pad or resize them to a height of 32 and a width of 16.")]
    public void Create_OfOtherSizes_NamesTheNearestOnes(int height, int width, string message)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new UNet().Create(NetworkContext.Of([3, height, width], outputs: 2)));

        Assert.AreEqual(message, error.Message);
    }

    [TestMethod]
    public void Forward_OfOtherSizes_NamesTheNearestOnes()
    {
        using var network = NetworkCase.Create(new UNet { Widths = [2, 2] }, [1, 4, 4], outputs: 2);
        using var x = zeros(1, 1, 4, 5);

        var error = Assert.ThrowsExactly<ArgumentException>(() => network.call(x));

        Assert.AreEqual("UNet needs heights and widths that are multiples of 2, but these examples are 4 by 5: crop, pad or resize them to a height of 4 and a width of 4 or 6.", error.Message);
    }
}
