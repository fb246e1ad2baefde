using System.Security.Cryptography;

namespace MlComponents.MLNet;

/// <summary>Length and SHA-256 of a stream of a saved model, by which a changed byte is noticed before the stream is used.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">In lower-case hexadecimal digits.</param>
internal readonly record struct StreamSeal(long Length, string Sha256)
{
    /// <summary>Writes to a stream from its position on.</summary>
    public static StreamSeal Write(Stream stream, Action<Stream> write)
    {
        var start = stream.Position;
        using var sha256 = SHA256.Create();
        using (var hashing = new CryptoStream(stream, sha256, CryptoStreamMode.Write, leaveOpen: true))
            write(hashing);
        return new(stream.Position - start, Convert.ToHexStringLower(sha256.Hash!));
    }

    /// <summary>Checks a stream that knows its length, and leaves it at its position.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What is in it, for messages.</param>
    /// <exception cref="InvalidDataException">It isn't what was written.</exception>
    public void Check(Stream stream, string name)
    {
        if (stream.Length != Length)
            throw new InvalidDataException($"The model's {name} have {stream.Length} bytes, but {Length} were saved: the file is damaged or has been changed.");
        var start = stream.Position;
        if (Convert.ToHexStringLower(SHA256.HashData(stream)) != Sha256)
            throw new InvalidDataException($"The model's {name} are not those that were saved (their SHA-256 differs): the file is damaged or has been changed.");
        stream.Position = start;
    }
}
