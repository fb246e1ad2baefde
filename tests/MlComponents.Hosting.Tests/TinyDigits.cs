using System.Buffers.Binary;

namespace MlComponents.Hosting.Tests;

/// <summary>MNIST files of ten patterns that a network learns in seconds: a noisy bar whose place is the digit.</summary>
internal static class TinyDigits
{
    private const int Side = 28;

    public static void Write(string folder, int rows)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, count) in new[] { ("train", rows), ("t10k", 100) })
        {
            var labels = Enumerable.Range(0, count).Select(i => (byte)(i % 10)).ToArray();
            File.WriteAllBytes(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), [.. Header(0x801, count), .. labels]);
            File.WriteAllBytes(Path.Combine(folder, $"{name}-images-idx3-ubyte"), [.. Header(0x803, count, Side, Side), .. Pictures(labels)]);
        }
    }

    private static byte[] Header(params int[] numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        return bytes;
    }

    private static byte[] Pictures(byte[] labels)
    {
        var random = new Random(1);
        var pixels = new byte[labels.Length * Side * Side];
        for (var i = 0; i < labels.Length; i++)
            for (var y = 0; y < Side; y++)
                for (var x = 2 * labels[i] + 2; x < 2 * labels[i] + 6; x++)
                    pixels[(i * Side + y) * Side + x] = (byte)random.Next(150, 256);
        return pixels;
    }
}
