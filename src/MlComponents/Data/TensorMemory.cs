using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>The memory of a contiguous tensor on the CPU as rows of bytes, one row per example.</summary>
internal readonly unsafe struct TensorMemory
{
    private readonly byte* first;
    private readonly int rowBytes;

    /// <param name="tensor">[N, ...], N at least 1; it must live as long as its memory is used.</param>
    public TensorMemory(Tensor tensor)
    {
        using var row = tensor.narrow(0, 0, 1);   // a span of all bytes ends at 2 GB
        var bytes = row.bytes;
        first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
        rowBytes = bytes.Length;
    }

    /// <summary>The bytes of one row.</summary>
    public Span<byte> this[long row] => new(first + row * rowBytes, rowBytes);
}
