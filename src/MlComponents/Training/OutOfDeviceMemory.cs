namespace MlComponents;

/// <summary>Tells a device that has no memory left from other errors of libtorch, which has one type of exception for all.</summary>
internal static class OutOfDeviceMemory
{
    // What the allocators and the libraries with memory of their own say, in libtorch 2.10.
    private static readonly string[] Signs =
    [
        "DefaultCPUAllocator: can't allocate memory",
        "DefaultCPUAllocator: not enough memory",
        "CUDA out of memory",
        "CUDA error: out of memory",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_ALLOC_FAILED",
        "MPS backend out of memory",
    ];

    /// <summary>Whether an exception, or one inside it, says that an allocation on a device failed.</summary>
    public static bool IsCause(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception is AggregateException several)
            return several.InnerExceptions.Any(IsCause);
        return Signs.Any(sign => exception.Message.Contains(sign, StringComparison.Ordinal))
            || exception.InnerException is { } inner && IsCause(inner);
    }
}
