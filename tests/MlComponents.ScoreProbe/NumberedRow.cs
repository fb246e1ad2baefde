using Microsoft.ML.Data;

namespace MlComponents.ScoreProbe;

/// <summary>A row that knows its number, of which it is told apart, with random features.</summary>
public sealed class NumberedRow
{
    /// <summary>Features of a row.</summary>
    public const int Width = 16;

    /// <summary>What a row takes in memory, with a label of four bytes.</summary>
    public const int Bytes = 4 * (Width + 1);

    [VectorType(Width)]
    public float[] Features { get; set; } = [];

    public float Number { get; set; }

    public bool IsSmall { get; set; }

    /// <summary>The same rows each time.</summary>
    public static IEnumerable<NumberedRow> Create(int count)
    {
        var random = new Random(1);
        for (var number = 0; number < count; number++)
            yield return new() { Number = number, Features = [.. Enumerable.Range(0, Width).Select(_ => random.NextSingle())] };
    }
}
