using System.Buffers.Binary;
using System.Text;

namespace MlComponents.Tests.Weights;

/// <summary>Damages files as accidents and attackers do: the same seed always gives the same damage.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly long[] Numbers =
        [0, 1, 2, 3, 4, 8, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, int.MaxValue, 0x80000000, uint.MaxValue, 1L << 32, 1L << 40, 1L << 62, long.MaxValue, long.MinValue, -1, -2];

    private static readonly byte[][] Signatures = ["PK\x01\x02"u8.ToArray(), "PK\x03\x04"u8.ToArray(), "PK\x05\x06"u8.ToArray(), "PK\x06\x06"u8.ToArray(), "PK\x06\x07"u8.ToArray()];
    private const string Operations = "()]}NKMJXGcRbQqhrjtaesu.0\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008c\u008d\u0093\u0094\u0095";
    private static readonly string[] Words = ["-1", "0", "1", "2", "99999999999", "9223372036854775807", "1e3", "\"F64\"", "\"U8\"", "[]", "{}", "null", "[2,2]", ",", "}", "\\u0000"];

    private readonly Random random = new(seed);

    /// <summary>A damaged copy, at least one and at most four times.</summary>
    public byte[] Mutate(byte[] file)
    {
        var damaged = Structured(file);
        for (var more = random.Next(damaged is null ? 1 : 0, 4); more > 0; more--)
            damaged = Anywhere(damaged ?? file);
        return damaged!;
    }

    /// <summary>Damage behind the check sums and lengths that would give it away; null where the dice say otherwise or the file isn't of that kind.</summary>
    private byte[]? Structured(byte[] file) => random.Next(3) switch
    {
        0 when file is [(byte)'P', (byte)'K', ..] => Rewritten(file),
        0 when file is [_, _, _, _, _, _, _, 0, (byte)'{', ..] => WithOtherHeader(file),
        1 when file is [(byte)'P', (byte)'K', ..] => WithOtherField(file),
        _ => null,
    };

    private byte[] Anywhere(byte[] file)
    {
        var copy = (byte[])file.Clone();
        if (file.Length == 0)
            return [(byte)random.Next(256)];
        var at = random.Next(file.Length);
        var length = random.Next(1, Math.Min(64, file.Length - at) + 1);
        switch (random.Next(8))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                copy[at] = (byte)random.Next(256);
                return copy;
            case 2:
                return copy[..at];
            case 3:
                return [.. copy[..at], .. Noise(length), .. copy[at..]];
            case 4:
                return [.. copy[..at], .. copy[at..(at + length)], .. copy[at..]];
            case 5:
                return [.. copy[..at], .. copy[(at + length)..]];
            case 6:
                copy[at] = (byte)Operations[random.Next(Operations.Length)];
                return copy;
            default:
                return WithNumber(copy, at);
        }
    }

    /// <summary>A telling number of 1 to 8 bytes in place of what is there.</summary>
    private byte[] WithNumber(byte[] file, int at)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Numbers[random.Next(Numbers.Length)]);
        var width = Math.Min(1 << random.Next(4), file.Length - at);
        number.AsSpan(0, width).CopyTo(file.AsSpan(at));
        return file;
    }

    /// <summary>Another number in one of a zip archive's headers.</summary>
    private byte[] WithOtherField(byte[] file)
    {
        var copy = (byte[])file.Clone();
        var signature = Signatures[random.Next(Signatures.Length)];
        var places = Enumerable.Range(0, copy.Length - 4).Where(i => copy.AsSpan(i).StartsWith(signature)).ToList();
        var at = places.Count == 0 ? random.Next(copy.Length) : places[random.Next(places.Count)] + random.Next(4, 50);
        return at < copy.Length ? WithNumber(copy, at) : copy;
    }

    /// <summary>The archive written anew with right check sums, but one entry damaged, left out or there twice.</summary>
    private byte[] Rewritten(byte[] file)
    {
        var directory = new ZipDirectory(new MemoryStream(file));
        var entries = directory.Entries.Values.ToList();
        var pickle = entries.FindIndex(entry => entry.Name.EndsWith("data.pkl", StringComparison.Ordinal));
        var chosen = random.Next(4) > 0 ? pickle : random.Next(entries.Count);
        var how = random.Next(12);

        using var stream = new MemoryStream();
        var zip = new ZipWriter(stream, random.Next(4) == 0 ? 0u : uint.MaxValue);
        for (var i = 0; i < entries.Count; i++)
        {
            var content = directory.ReadAll(entries[i], int.MaxValue);
            if (i == chosen && how == 0)
                continue;
            zip.Add(i == chosen && how == 1 ? "../" + entries[i].Name : entries[i].Name, i == chosen && how > 2 ? Anywhere(content) : content);
            if (i == chosen && how == 2)
                zip.Add(entries[i].Name, content);
        }
        zip.Finish();
        return stream.ToArray();
    }

    /// <summary>A safetensors file whose header has another word, and the length that goes with it.</summary>
    private byte[] WithOtherHeader(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = Encoding.Latin1.GetString(file, 8, length);
        var parts = System.Text.RegularExpressions.Regex.Split(header, "([0-9]+|\"[^\"]*\"|[\\[\\]{},:])");
        parts[random.Next(parts.Length)] = Words[random.Next(Words.Length)];
        header = string.Concat(parts);
        return [.. BitConverter.GetBytes((long)header.Length), .. Encoding.Latin1.GetBytes(header), .. file[(8 + length)..]];
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
