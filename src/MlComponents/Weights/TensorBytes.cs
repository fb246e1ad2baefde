using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>Moves the values of tensors to and from streams as raw little-endian bytes, in pieces that a span can hold.</summary>
internal static class TensorBytes
{
    private const int PieceBytes = 1 << 20;

    /// <summary>What is done with the bytes of a piece.</summary>
    public delegate void PieceAction(Span<byte> bytes);

    /// <summary>Tensors in the ordinal order of their names, checked before the first byte is written.</summary>
    /// <exception cref="ArgumentException">A name occurs twice, or a tensor is sparse.</exception>
    public static List<KeyValuePair<string, Tensor>> Sorted(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var sorted = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        for (var i = 0; i < sorted.Count; i++)
        {
            if (i > 0 && sorted[i].Key == sorted[i - 1].Key)
                throw new ArgumentException($"Two tensors are called '{sorted[i].Key}', but a name in a file belongs to one.", nameof(tensors));
            if (sorted[i].Value.is_sparse)
                throw new ArgumentException($"The tensor '{sorted[i].Key}' is sparse, and files hold dense ones: write what to_dense() gives.", nameof(tensors));
        }
        return sorted;
    }

    /// <summary>A tensor's values on the CPU in row-major order without gaps, whatever view of other memory it is.</summary>
    public static Tensor Dense(Tensor tensor) => tensor.detach().cpu().resolve_conj().resolve_neg().contiguous();

    /// <summary>Where a dense tensor's memory begins: what two tensors of one memory have in common.</summary>
    public static nint Address(Tensor dense)
    {
        using var scope = NewDisposeScope();
        var first = dense.view(-1).narrow(0, 0, Math.Min(1, dense.numel()));   // a span can't hold every tensor
        return Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>Hands over the bytes of a dense tensor, piece after piece.</summary>
    public static void ForEachPiece(Tensor dense, PieceAction action)
    {
        using var flat = dense.view(-1);
        var count = flat.numel();
        var step = PieceBytes / dense.ElementSize;
        for (var start = 0L; start < count; start += step)
        {
            using var piece = flat.narrow(0, start, Math.Min(step, count - start));
            action(piece.bytes);
        }
    }

    /// <summary>Writes the bytes of a dense tensor.</summary>
    public static void Write(Tensor dense, Stream stream) => ForEachPiece(dense, bytes => stream.Write(bytes));

    /// <summary>Fills a dense tensor.</summary>
    /// <exception cref="InvalidDataException">The stream ends before the tensor is full.</exception>
    public static void Read(Tensor dense, Stream stream, string what) => ForEachPiece(dense, bytes => ReadExactly(stream, bytes, what));

    /// <summary>Reads as many bytes as a span holds.</summary>
    /// <exception cref="InvalidDataException">The stream ends before.</exception>
    public static void ReadExactly(Stream stream, Span<byte> bytes, string what)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"The file ends in the middle of {what}: it is cut off.", e);
        }
    }
}
