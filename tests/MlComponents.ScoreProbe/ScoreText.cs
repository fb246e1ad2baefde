using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlComponents.ScoreProbe;

/// <summary>Scores as text that is equal only where every bit is.</summary>
public static class ScoreText
{
    public static IEnumerable<string> Of(IDataView scored) => scored.Schema["Score"].Type is VectorDataViewType
        ? scored.GetColumn<float[]>("Score").Select(row => string.Join(" ", row.Select(Bits)))
        : scored.GetColumn<float>("Score").Select(Bits);

    private static string Bits(float score) => BitConverter.SingleToUInt32Bits(score).ToString("x8");
}
