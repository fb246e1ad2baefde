using Microsoft.ML.Data;

namespace MlComponents.ScoreProbe;

/// <summary>A point near one of three corners of a cube.</summary>
public sealed class BlobRow
{
    private static readonly string[] Names = ["red", "green", "blue"];

    [VectorType(4)]
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";

    public bool IsRed { get; set; }

    public float Sum { get; set; }

    public float Weight { get; set; } = 1;

    public static List<BlobRow> Create(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var corner = i % 3;
            float[] features = [.. Enumerable.Range(0, 4).Select(f => (f == corner ? 2f : 0f) + (float)(random.NextDouble() - 0.5))];
            return new BlobRow { Features = features, Label = Names[corner], IsRed = corner == 0, Sum = features.Sum(), Weight = 1 + i % 2 };
        })];
    }
}
