using System.Buffers.Binary;

namespace MlComponents;

/// <summary>What a file of weights begins like.</summary>
internal enum WeightFormat
{
    Unknown,
    Safetensors,
    PyTorchZip,
    PyTorchLegacy,
    PyTorchTar,
}

/// <summary>Tells formats of weights apart by their first bytes.</summary>
internal static class WeightFormats
{
    private const int TarMark = 257;

    /// <summary>The format of what a stream holds from its position on, which is left where it was.</summary>
    public static WeightFormat Detect(Stream stream)
    {
        var position = stream.Position;
        Span<byte> start = stackalloc byte[TarMark + 5];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = position;

        // A header's length may look like the beginning of the others, but none of those has a brace in the ninth byte.
        if (start.Length > 8 && start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafetensorsHeader.MaxBytes)
            return WeightFormat.Safetensors;
        if (start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8))
            return WeightFormat.PyTorchZip;
        if (start.Length == TarMark + 5 && start[TarMark..].SequenceEqual("ustar"u8))
            return WeightFormat.PyTorchTar;
        return start.Length > 1 && start[0] == 0x80 && start[1] is >= 2 and <= 5 ? WeightFormat.PyTorchLegacy : WeightFormat.Unknown;
    }
}
