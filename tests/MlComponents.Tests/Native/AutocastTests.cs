using System.Runtime.InteropServices;

namespace MlComponents.Tests.Native;

[TestClass]
[RequiresLinuxX64]
public sealed class AutocastTests
{
    [TestMethod]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Float16)]
    public void Enter_UntilTheScopeEnds_MultipliesInTheNarrowType(ScalarType type)
    {
        using var scope = NewDisposeScope();
        ScalarType inside;

        using (Autocast.OfThisProcess.Enter(DeviceType.CPU, type))
            inside = ProductType();

        Assert.AreEqual(type, inside);
        Assert.AreEqual(ScalarType.Float32, ProductType());
    }

    [TestMethod]
    public void Enter_InsideAnotherScope_PutsThatBack()
    {
        using var scope = NewDisposeScope();

        using (Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.Float16))
        {
            using (Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.BFloat16))
                Assert.AreEqual(ScalarType.BFloat16, ProductType());
            Assert.AreEqual(ScalarType.Float16, ProductType());
        }
        Assert.AreEqual(ScalarType.Float32, ProductType());
    }

    [TestMethod]
    public void Enter_WhenAnExceptionEndsTheScope_PutsBackWhatWas()
    {
        using var scope = NewDisposeScope();

        Assert.ThrowsExactly<InvalidOperationException>(() =>
        {
            using var autocast = Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.BFloat16);
            throw new InvalidOperationException();
        });

        Assert.AreEqual(ScalarType.Float32, ProductType());
    }

    [TestMethod]
    public void Enter_OnOneThread_LeavesOthersAsTheyAre()
    {
        var elsewhere = ScalarType.Bool;

        using (Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.BFloat16))
        {
            var thread = new Thread(() =>
            {
                using var scope = NewDisposeScope();
                elsewhere = ProductType();
            });
            thread.Start();
            thread.Join();
        }

        Assert.AreEqual(ScalarType.Float32, elsewhere);
    }

    [TestMethod]
    public void Enter_AfterWeightsChanged_UsesTheNewOnes()
    {
        using var scope = NewDisposeScope();
        var weight = ones(2, 2).requires_grad_();
        var x = ones(1, 2);

        using (Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.Float16))   // so that only ours ends, and not libtorch's outermost
        {
            using (Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.BFloat16))
                TensorAssert.AreClose(2, x.matmul(weight)[0, 0], 0);
            using (no_grad())
                weight.mul_(2);
            using (Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.BFloat16))
                TensorAssert.AreClose(4, x.matmul(weight)[0, 0], 0);
        }
    }

    [TestMethod]
    public void In_ALibraryWithoutIt_SaysWhatIsMissing()
    {
        var e = Assert.ThrowsExactly<EntryPointNotFoundException>(() => Autocast.In(NativeLibrary.GetMainProgramHandle()));

        Assert.AreEqual(
            "libtorch's autocast can't be reached: its native libraries have no function '_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE', "
            + $"which those of version {TorchVersions.Libtorch} for Linux have.", e.Message);
    }

    private static ScalarType ProductType() => ones(2, 2).matmul(ones(2, 2)).dtype;
}
