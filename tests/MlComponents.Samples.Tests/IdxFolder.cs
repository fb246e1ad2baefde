using System.Buffers.Binary;
using System.IO.Compression;
using Digits;

namespace MlComponents.Samples.Tests;

/// <summary>Writes digits as the four MNIST files.</summary>
internal static class IdxFolder
{
    public static string Write(string folder, int train, int test) =>
        Write(folder, DigitArtist.Draw(DigitSplit.Train, train, seed: 3), DigitArtist.Draw(DigitSplit.Test, test, seed: 3));

    public static string Write(string folder, DigitSet train, DigitSet test)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", train);
        Write(folder, "t10k", test);
        return folder;
    }

    /// <summary>Digits without some of them.</summary>
    public static DigitSet Without(DigitSet digits, params int[] labels)
    {
        var rows = Enumerable.Range(0, digits.Count).Where(i => !labels.Contains(digits.Labels[i])).ToList();
        return new DigitSet([.. rows.SelectMany(i => digits.Picture(i).ToArray())], [.. rows.Select(i => digits.Labels[i])]);
    }

    private static void Write(string folder, string name, DigitSet digits)
    {
        using (var images = new GZipStream(File.Create(Path.Combine(folder, $"{name}-images-idx3-ubyte.gz")), CompressionLevel.Fastest))
            images.Write([.. Header(digits.Count, 28, 28), .. digits.Pixels.Select(pixel => (byte)MathF.Round(255 * pixel))]);
        File.WriteAllBytes(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), [.. Header(digits.Count), .. digits.Labels.Select(label => (byte)label)]);
    }

    private static byte[] Header(params int[] shape)
    {
        var header = new byte[4 + 4 * shape.Length];
        header[2] = 8;
        header[3] = (byte)shape.Length;
        for (var i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), shape[i]);
        return header;
    }
}
