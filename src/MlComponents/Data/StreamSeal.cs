using System.Security.Cryptography;

namespace MlComponents;

/// <summary>Length and SHA-256 of a stream, by which a changed byte is noticed before the stream is used.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">In lower-case hexadecimal digits.</param>
public readonly record struct StreamSeal(long Length, string Sha256)
{
    /// <summary>Writes to a stream from its position on; the bytes are hashed on their way.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="write">Writes the content.</param>
    /// <returns>Length and hash of what was written.</returns>
    public static StreamSeal Write(Stream stream, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(write);

        using var hashing = new HashingStream(stream);
        write(hashing);
        return hashing.Seal();
    }

    /// <summary>Checks a stream that knows its length, and leaves it at its position.</summary>
    /// <param name="stream">The stream, at the content's beginning.</param>
    /// <param name="what">What it is, as the subject of a message such as "The model's weights.safetensors".</param>
    /// <exception cref="InvalidDataException">It isn't what was written.</exception>
    public void Check(Stream stream, string what)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(what);
        if (stream.Length != Length)
            throw new InvalidDataException($"{what} has {stream.Length} bytes, but {Length} were saved: the file is damaged or has been changed.");
        var start = stream.Position;
        if (Convert.ToHexStringLower(SHA256.HashData(stream)) != Sha256)
            throw new InvalidDataException($"{what} isn't what was saved (its SHA-256 differs): the file is damaged or has been changed.");
        stream.Position = start;
    }
}
