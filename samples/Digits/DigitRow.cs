using Microsoft.ML;
using Microsoft.ML.Data;

namespace Digits;

/// <summary>A digit as ML.NET sees it.</summary>
public sealed class DigitRow
{
    /// <summary>Pixels, 0 to 1, row by row.</summary>
    [VectorType(DigitSet.PixelCount)]
    public required float[] Features { get; init; }

    /// <summary>0 to 9.</summary>
    public required int Label { get; init; }

    /// <summary>The digits as data; a row is made when it is read, so that the pixels are in memory once.</summary>
    public static IDataView ViewOf(MLContext ml, DigitSet digits) => ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, digits.Count).Select(i => new DigitRow { Features = digits.Picture(i).ToArray(), Label = digits.Labels[i] }));
}
