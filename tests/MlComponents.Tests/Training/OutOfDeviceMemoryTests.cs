using System.Runtime.InteropServices;

namespace MlComponents.Tests.Training;

[TestClass]
public sealed class OutOfDeviceMemoryTests
{
    [TestMethod]
    public void IsCause_OfAnAllocationThatFailed_IsTrue()
    {
        var failure = Assert.ThrowsExactly<ExternalException>(() => zeros(1L << 50));   // 4 PiB

        Assert.IsTrue(OutOfDeviceMemory.IsCause(failure));
        Assert.IsTrue(OutOfDeviceMemory.IsCause(new InvalidOperationException("outside", failure)));
        Assert.IsTrue(OutOfDeviceMemory.IsCause(new AggregateException(new InvalidOperationException("another"), failure)));
    }

    [TestMethod]
    [DataRow("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 79.11 GiB of which 5.81 MiB is free.")]
    [DataRow("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call")]
    [DataRow("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")]
    [DataRow("cuDNN error: CUDNN_STATUS_ALLOC_FAILED")]
    public void IsCause_OfWhatCudaSays_IsTrue(string message) => Assert.IsTrue(OutOfDeviceMemory.IsCause(new InvalidOperationException(message)));

    [TestMethod]
    public void IsCause_OfAnotherErrorOfLibtorch_IsFalse()
    {
        using var scope = NewDisposeScope();

        var failure = Assert.ThrowsExactly<ExternalException>(() => zeros(2, 3).add(zeros(2, 4)));

        Assert.IsFalse(OutOfDeviceMemory.IsCause(failure));
    }
}
