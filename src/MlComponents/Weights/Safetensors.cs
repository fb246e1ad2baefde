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
    /// <summary>Writes tensors.</summary>
    /// <param name="stream">Where to; it needs no seeking.</param>
    /// <param name="tensors">Tensors by name, on any device, of a type that the format knows (all of TorchSharp's but complex128).</param>
    /// <param name="metadata">Texts by name that go into the file's header, sorted, such as format: pt, which some libraries ask for. Null, the default: none.</param>
    /// <exception cref="ArgumentException">
    /// The format has no name for an element type, a tensor is sparse or called <c>__metadata__</c>, or two have one name.
    /// </exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        using var scope = NewDisposeScope();

        var sorted = TensorBytes.Sorted(tensors);
        var header = Header(sorted, metadata);
        var length = (header.Length + 7) / 8 * 8;   // the data begin at a multiple of 8, padded with spaces
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        stream.Write(prefix);
        stream.Write(header);
        stream.Write("       "u8[..(length - header.Length)]);
        foreach (var (_, tensor) in sorted)
        {
            using var inner = NewDisposeScope();
            TensorBytes.Write(TensorBytes.Dense(tensor), stream);
        }
    }

    /// <summary>Reads all tensors of a stream that knows its length, from its position to its end.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="device">Where the tensors are put; null, the default: the CPU.</param>
    /// <returns>Tensors by name, in the caller's dispose scope.</returns>
    /// <exception cref="InvalidDataException">It is cut off or no safetensors file, or its header contradicts itself.</exception>
    public static Dictionary<string, Tensor> Read(Stream stream, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var scope = NewDisposeScope();

        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in ReadHeader(stream).Entries)
        {
            using var inner = NewDisposeScope();
            var tensor = empty(entry.Shape, entry.Type);
            TensorBytes.Read(tensor, stream, $"the tensor '{Shown.Text(entry.Name)}'");
            tensors.Add(entry.Name, tensor.to(device ?? CPU).MoveToOuterDisposeScope());
        }
        foreach (var tensor in tensors.Values)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <summary>Reads the texts that a file's header has beside the tensors (<c>__metadata__</c>), and no tensor.</summary>
    /// <param name="stream">A stream that knows its length, at the beginning of the file.</param>
    /// <returns>Texts by name; none where there are none.</returns>
    /// <exception cref="InvalidDataException">It is cut off or no safetensors file, or its header contradicts itself.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadHeader(stream).Metadata;
    }

    private static SafetensorsHeader ReadHeader(Stream stream)
    {
        var available = stream.Length - stream.Position;
        Span<byte> prefix = stackalloc byte[8];
        if (available < prefix.Length)
            throw new InvalidDataException($"A safetensors file begins with 8 bytes for the length of its header, but there are only {available}.");
        TensorBytes.ReadExactly(stream, prefix, "the header");

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        available -= prefix.Length;
        if (length > (ulong)Math.Min(available, SafetensorsHeader.MaxBytes))
            throw new InvalidDataException(
                $"The header is said to have {length} bytes, but {available} follow and {SafetensorsHeader.MaxBytes} are allowed: "
                + "this is no safetensors file, or it is cut off.");

        var json = new byte[(int)length];
        TensorBytes.ReadExactly(stream, json, "the header");
        return SafetensorsHeader.Parse(json, available - json.Length);
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var offset = 0L;
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            foreach (var (name, tensor) in tensors)
            {
                if (name == SafetensorsHeader.MetadataKey)
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

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null)
            return;
        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (name, text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(name, text);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
