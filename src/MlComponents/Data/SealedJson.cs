using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlComponents;

/// <summary>
/// A record as JSON that ends with the SHA-256 of everything before it, so that no changed byte goes unnoticed. Every record has a property
/// <c>format</c>, its version.
/// </summary>
public static class SealedJson
{
    private const int MaxBytes = 64 << 20;
    private const int HashLength = 64;   // hexadecimal digits of SHA-256
    private static readonly byte[] BeforeHash = ",\"sha256\":\""u8.ToArray();
    private static readonly byte[] AfterHash = "\"}"u8.ToArray();

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
    };

    /// <summary>The bytes of a record and its hash.</summary>
    /// <exception cref="InvalidDataException">It is larger than 64 MiB.</exception>
    public static byte[] Write<T>(T record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, Json).AsSpan(..^1);   // without the last brace
        if (json.Length + BeforeHash.Length + HashLength + AfterHash.Length > MaxBytes)
            throw new InvalidDataException($"A sealed record may have {MaxBytes} bytes, but this one has {json.Length}: large data belong into tensors.");
        return [.. json, .. BeforeHash, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))), .. AfterHash];
    }

    /// <summary>Reads what <see cref="Write{T}"/> wrote.</summary>
    /// <param name="stream">A stream that knows its length, at the record's beginning; it stays open.</param>
    /// <param name="what">What it is, as the subject of a message such as "The model's definition.json".</param>
    /// <param name="newestFormat">The newest format that can be read.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of a newer format.</exception>
    public static T Read<T>(Stream stream, string what, int newestFormat) => Read(stream, what, (root, format) =>
        format > newestFormat
            ? throw new InvalidDataException(
                $"{what} is of format version {format}, but this version of MlComponents reads versions up to {newestFormat}: update MlComponents.")
            : root.Deserialize<T>(Json)!);

    /// <summary>Reads the format of what <see cref="Write{T}"/> wrote, which may be newer than any that is known.</summary>
    /// <param name="stream">A stream that knows its length, at the record's beginning; it stays open.</param>
    /// <param name="what">What it is, as the subject of a message.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static int ReadFormat(Stream stream, string what) => Read(stream, what, (_, format) => format);

    private static T Read<T>(Stream stream, string what, Func<JsonElement, int, T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(what);
        if (stream.Length > MaxBytes)
            throw new InvalidDataException($"{what} has {stream.Length} bytes, but at most {MaxBytes} are allowed: the file is damaged or has been changed.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        CheckSeal(bytes, what);

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return read(document.RootElement, document.RootElement.GetProperty("format").GetInt32());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"{what} isn't what this version of MlComponents writes: {e.Message}", e);
        }
    }

    private static void CheckSeal(ReadOnlySpan<byte> bytes, string what)
    {
        var end = bytes.Length - BeforeHash.Length - HashLength - AfterHash.Length;
        var isSealed = end > 0
            && bytes[end..].StartsWith(BeforeHash) && bytes.EndsWith(AfterHash)
            && bytes[(end + BeforeHash.Length)..^AfterHash.Length].SequenceEqual(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes[..end]))));
        if (!isSealed)
            throw new InvalidDataException($"{what} isn't what was saved (its SHA-256 differs): the file is damaged or has been changed.");
    }
}
