namespace MlComponents.Tests.Training.Precisions;

/// <summary>The rule of PyTorch's GradScaler, by hand.</summary>
[TestClass]
public sealed class GradientScalerTests
{
    [TestMethod]
    public void Update_OverASequence_HalvesAtOnceAndDoublesAfterTheInterval()
    {
        var scaler = new GradientScaler(growthInterval: 3);
        (bool Finite, double Scale)[] steps =
        [
            (true, 65536), (true, 65536), (true, 131072),      // three in a row
            (true, 131072), (true, 131072), (false, 65536),    // the third isn't: half, and counted anew
            (true, 65536), (true, 65536), (true, 131072),
            (false, 65536), (false, 32768), (true, 32768),
        ];

        foreach (var (finite, scale) in steps)
        {
            scaler.Update(finite);
            Assert.AreEqual(scale, scaler.Scale);
        }
    }

    [TestMethod]
    public void Update_ByDefault_DoublesAfter2000Steps()
    {
        var scaler = new GradientScaler();

        for (var step = 0; step < 1999; step++)
            scaler.Update(finite: true);
        Assert.AreEqual(65536, scaler.Scale);
        scaler.Update(finite: true);

        Assert.AreEqual(131072, scaler.Scale);
    }

    [TestMethod]
    public void Update_AtTheLargestFloat32_StaysFinite()
    {
        var scaler = new GradientScaler(growthInterval: 1);

        for (var step = 0; step < 200; step++)
            scaler.Update(finite: true);

        Assert.AreEqual(Math.Pow(2, 127), scaler.Scale);
    }

    [TestMethod]
    public void Update_WithoutFiniteGradientsAtAnyScale_EndsAtTheSmallest()
    {
        var scaler = new GradientScaler();

        var halvings = 0;
        for (; !scaler.IsSmallest && halvings < 100; halvings++)
            scaler.Update(finite: false);
        scaler.Update(finite: false);

        Assert.AreEqual(30, halvings);
        Assert.AreEqual(1 / 16384.0, scaler.Scale);
    }

    [TestMethod]
    public void LoadState_OfASavedState_GoesOnFromIt()
    {
        using var state = new ComponentState();
        var scaler = new GradientScaler(growthInterval: 3);
        foreach (var finite in new[] { false, true, true })
            scaler.Update(finite);

        scaler.SaveState(state);
        var resumed = new GradientScaler(growthInterval: 3);
        resumed.LoadState(state);
        resumed.Update(finite: true);

        Assert.AreEqual(65536, resumed.Scale);   // 32768 doubled by the third finite step
        Assert.AreEqual(0, resumed.FiniteSteps);
    }

    [TestMethod]
    public void LoadState_OfSomethingElse_IsAnError()
    {
        using var state = new ComponentState();

        Assert.ThrowsExactly<InvalidDataException>(() => new GradientScaler().LoadState(state));
    }
}
