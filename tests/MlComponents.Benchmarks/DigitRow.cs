using Microsoft.ML.Data;

namespace MlComponents.Benchmarks;

/// <summary>A picture as a row of an ML.NET data view.</summary>
internal sealed class DigitRow
{
    /// <summary>The digit; in memory and in text ML.NET counts keys from 0.</summary>
    [KeyType(GeneratedDigits.Classes)]
    public uint Label { get; set; }

    /// <summary>Grey values, 0 for the background; most are.</summary>
    [VectorType(GeneratedDigits.Pixels)]
    public float[] Features { get; set; } = [];

    /// <summary>Draws pictures whose grey values are whole numbers up to 255 like those of MNIST, and as often 0.</summary>
    /// <param name="count">Number of pictures.</param>
    /// <param name="white">What 255 becomes.</param>
    public static DigitRow[] Draw(int count, float white)
    {
        var set = global::Digits.DigitArtist.Draw(global::Digits.DigitSplit.Train, count, seed: 1);
        return [.. set.Labels.Select((digit, i) => new DigitRow { Label = (uint)digit, Features = [.. set.Picture(i).ToArray().Select(Grey)] })];

        float Grey(float ink) => ink < 0.3f ? 0 : MathF.Round(255 * ink) * white / 255;
    }
}
