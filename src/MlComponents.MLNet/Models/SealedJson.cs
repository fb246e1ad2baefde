using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MlComponents.MLNet;

/// <summary>
/// A record as JSON that ends with the SHA-256 of everything before it, so that no changed byte goes unnoticed. Every record has a property
/// <c>format</c>, its version.
/// </summary>
internal static class SealedJson
{
    private const int MaxBytes = 64 << 20;
    private const int HashLength = 64;   // hexadecimal digits of SHA-256
    private static readonly byte[] BeforeHash = ",\"sha256\":\""u8.ToArray();
    private static readonly byte[] AfterHash = "\"}"u8.ToArray();

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The bytes of a record and its hash.</summary>
    public static byte[] Write<T>(T record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, Json).AsSpan(..^1);   // without the last brace
        return [.. json, .. BeforeHash, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))), .. AfterHash];
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="stream">A stream that knows its length.</param>
    /// <param name="name">The stream's name, for messages.</param>
    /// <param name="newestFormat">The newest format that can be read.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of a newer format.</exception>
    public static T Read<T>(Stream stream, string name, int newestFormat)
    {
        if (stream.Length > MaxBytes)
            throw new InvalidDataException(
                $"The model's {name} has {stream.Length} bytes, but at most {MaxBytes} are allowed: the file is damaged or has been changed.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        CheckSeal(bytes, name);

        try
        {
            using var document = JsonDocument.Parse(bytes);
            var format = document.RootElement.GetProperty("format").GetInt32();
            if (format > newestFormat)
                throw new InvalidDataException(
                    $"The model was saved by a newer version of MlComponents, in format {format}; "
                    + $"this version reads formats up to {newestFormat}. Update MlComponents.MLNet.");
            return document.Deserialize<T>(Json)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"The model's {name} isn't what this version of MlComponents writes: {e.Message}", e);
        }
    }

    private static void CheckSeal(ReadOnlySpan<byte> bytes, string name)
    {
        var end = bytes.Length - BeforeHash.Length - HashLength - AfterHash.Length;
        var isSealed = end > 0
            && bytes[end..].StartsWith(BeforeHash) && bytes.EndsWith(AfterHash)
            && bytes[(end + BeforeHash.Length)..^AfterHash.Length].SequenceEqual(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes[..end]))));
        if (!isSealed)
            throw new InvalidDataException($"The model's {name} is not what was saved (its SHA-256 differs): the file is damaged or has been changed.");
    }
}
