using System.Buffers.Binary;
using System.Text.Json;

namespace MlComponents;

/// <summary>
/// Tensors by name in the safetensors format: the header's length as a little-endian 64-bit number, a JSON header, the raw bytes. Reading runs no
/// code of the file, and every size is checked against the stream's length before memory is taken.
/// </summary>
/// <remarks>See https://huggingface.co/docs/safetensors. The same tensors always give the same bytes: names are sorted, and there is no date.</remarks>
public static class Safetensors
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Writes tensors.</summary>
    /// <param name="stream">Where to; it needs no seeking.</param>
    /// <param name="tensors">Tensors by name, on any device, of a type that the format knows (all of TorchSharp's but complex128).</param>
    /// <exception cref="ArgumentException">The format has no name for an element type, or a tensor is called <c>__metadata__</c>.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        using var scope = NewDisposeScope();

        var sorted = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var header = Header(sorted);
        var length = (header.Length + 7) / 8 * 8;   // the data begin at a multiple of 8, padded with spaces
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        stream.Write(prefix);
        stream.Write(header);
        stream.Write("       "u8[..(length - header.Length)]);
        foreach (var (_, tensor) in sorted)
            ForEachPiece(tensor.detach().cpu().contiguous(), piece => stream.Write(piece.bytes));
    }

    /// <summary>Reads all tensors of a stream that knows its length, from its position to its end.</summary>
    /// <returns>Tensors by name on the CPU, in the caller's dispose scope.</returns>
    /// <exception cref="InvalidDataException">It is cut off or no safetensors file, or its header contradicts itself.</exception>
    public static Dictionary<string, Tensor> Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var scope = NewDisposeScope();

        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in ReadHeader(stream))
        {
            var tensor = empty(entry.Shape, entry.Type);
            ForEachPiece(tensor, piece => ReadExactly(stream, piece.bytes, entry.Name));
            tensors.Add(entry.Name, tensor);
        }
        foreach (var tensor in tensors.Values)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    private static List<SafetensorsEntry> ReadHeader(Stream stream)
    {
        var available = stream.Length - stream.Position;
        Span<byte> prefix = stackalloc byte[8];
        if (available < prefix.Length)
            throw new InvalidDataException($"A safetensors file begins with 8 bytes for the length of its header, but there are only {available}.");
        ReadExactly(stream, prefix, "header");

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        available -= prefix.Length;
        if (length > (ulong)Math.Min(available, SafetensorsHeader.MaxBytes))
            throw new InvalidDataException(
                $"The header is said to have {length} bytes, but {available} follow and {SafetensorsHeader.MaxBytes} are allowed: "
                + "this is no safetensors file, or it is cut off.");

        var json = new byte[(int)length];
        ReadExactly(stream, json, "header");
        return SafetensorsHeader.Parse(json, available - json.Length);
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var offset = 0L;
            json.WriteStartObject();
            foreach (var (name, tensor) in tensors)
            {
                if (name == "__metadata__")
                    throw new ArgumentException("A tensor can't be called '__metadata__', which safetensors files need for themselves.", nameof(tensors));

                var end = offset + tensor.numel() * tensor.ElementSize;
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsTypes.NameOf(name, tensor.dtype));
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", offset, end);
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    /// <summary>A contiguous tensor in pieces whose bytes a span can hold.</summary>
    private static void ForEachPiece(Tensor tensor, Action<Tensor> action)
    {
        using var flat = tensor.view(-1);
        var count = flat.numel();
        var step = PieceBytes / tensor.ElementSize;
        for (var start = 0L; start < count; start += step)
        {
            using var piece = flat.narrow(0, start, Math.Min(step, count - start));
            action(piece);
        }
    }

    private static void ReadExactly(Stream stream, Span<byte> bytes, string what)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"The file ends in the middle of '{what}': it is cut off.", e);
        }
    }
}
