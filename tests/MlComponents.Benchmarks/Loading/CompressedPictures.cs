using System.IO.Compression;

namespace MlComponents.Benchmarks.Loading;

/// <summary>Pictures of 3x64x64 that are inflated and converted when they are read, as pictures in files are.</summary>
internal sealed class CompressedPictures : ExampleDataset
{
    private const int Side = 64;

    private static readonly Scalar white = 255f;   // held: a collection on another worker's account would free a passing one while it is read

    private readonly byte[][] files;

    /// <param name="rows">Number of pictures.</param>
    public CompressedPictures(int rows)
    {
        var random = new Random(1);
        files = [.. Enumerable.Range(0, rows).Select(_ => Compress(random))];
    }

    public override long Count => files.Length;

    public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { [Batch.FeaturesName] = [3, Side, Side], [Batch.LabelName] = [] };

    public override Example Read(long index)
    {
        var pixels = new byte[3 * Side * Side];
        using (var file = new ZLibStream(new MemoryStream(files[index]), CompressionMode.Decompress))
            file.ReadExactly(pixels);
        return new(tensor(pixels).reshape(3, Side, Side).to(ScalarType.Float32).div(white), tensor(index % GeneratedDigits.Classes));
    }

    /// <summary>Grey values in steps, because noise can't be compressed and plain areas cost nothing to inflate.</summary>
    private static byte[] Compress(Random random)
    {
        var pixels = new byte[3 * Side * Side];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(16 * random.Next(16));
        using var stream = new MemoryStream();
        using (var file = new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            file.Write(pixels);
        return stream.ToArray();
    }
}
