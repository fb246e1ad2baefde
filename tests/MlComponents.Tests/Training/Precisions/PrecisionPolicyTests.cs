using MlComponents.Tests.Native;

namespace MlComponents.Tests.Training.Precisions;

[TestClass]
[RequiresLinuxX64]
public sealed class PrecisionPolicyTests
{
    [TestMethod]
    public void Of_ADeviceThatDoesNotCompute_SaysSoAndWhatToUse()
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => PrecisionPolicy.Of(TrainingPrecision.BFloat16, device(DeviceType.META)));

        StringAssert.StartsWith(e.Message, "Precision is BFloat16, which isn't available on meta here: ", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, ". Use Float32.", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(TrainingPrecision.Float32, ScalarType.Float32)]
    [DataRow(TrainingPrecision.BFloat16Mixed, ScalarType.Float32)]
    [DataRow(TrainingPrecision.Float16Mixed, ScalarType.Float32)]
    [DataRow(TrainingPrecision.BFloat16, ScalarType.BFloat16)]
    public void NetworkType_OfEachPrecision_IsThatOfTheWeights(TrainingPrecision precision, ScalarType expected) =>
        Assert.AreEqual(expected, PrecisionPolicy.Of(precision, CPU).NetworkType);

    [TestMethod]
    public void Unscale_OfFiniteGradients_GivesThoseOfTheLoss()
    {
        using var scope = NewDisposeScope();
        var policy = PrecisionPolicy.Of(TrainingPrecision.Float16Mixed, CPU);
        var weight = MlComponents.Weights.Of(tensor(new[] { 1f, 2, 3 }));

        policy.Scale(weight.square().sum()).backward();
        var scaled = weight.grad!.clone();
        var isSound = policy.Unscale(new Gradients([weight]));

        Assert.IsTrue(isSound);
        TensorAssert.AreClose(tensor(new[] { 2f, 4, 6 }) * 65536, scaled, 0);
        TensorAssert.AreClose(tensor(new[] { 2f, 4, 6 }), weight.grad!, 0);
    }

    [TestMethod]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NaN)]
    public void Unscale_OfOneGradientThatIsNotFinite_SkipsTheStepAndHalvesTheScale(float wrong)
    {
        using var scope = NewDisposeScope();
        var policy = PrecisionPolicy.Of(TrainingPrecision.Float16Mixed, CPU);
        var (sound, broken) = (MlComponents.Weights.Of(ones(3)), MlComponents.Weights.Of(ones(2, 2)));
        (sound.grad, broken.grad) = (ones(3), tensor(new[,] { { 1, 1 }, { wrong, 1 } }));

        Assert.IsFalse(policy.Unscale(new Gradients([sound, broken])));
        TensorAssert.AreClose(65536, policy.Scale(tensor(1f)), 0);   // until the step can't be undone
        policy.Learn();

        TensorAssert.AreClose(32768, policy.Scale(tensor(1f)), 0);
    }

    [TestMethod]
    public void LoadState_OfASavedState_HasItsScale()
    {
        using var scope = NewDisposeScope();
        using var state = new ComponentState();
        var policy = PrecisionPolicy.Of(TrainingPrecision.Float16Mixed, CPU);
        var weight = MlComponents.Weights.Of(ones(1));
        weight.grad = tensor(new[] { float.NaN });
        policy.Unscale(new Gradients([weight]));
        policy.Learn();

        policy.SaveState(state);
        var resumed = PrecisionPolicy.Of(TrainingPrecision.Float16Mixed, CPU);
        resumed.LoadState(state);

        TensorAssert.AreClose(32768, resumed.Scale(tensor(1f)), 0);
    }
}
