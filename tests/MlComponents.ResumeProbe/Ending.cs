using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MlComponents.ResumeProbe;

/// <summary>What a run ended with, as digests.</summary>
internal static class Ending
{
    /// <summary>SHA-256 of all weights and buffers.</summary>
    public static string WeightsOf(TrainingResult result)
    {
        using var stream = new MemoryStream();
        StateDict.Save(result.Network, stream);
        return Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
    }

    /// <summary>SHA-256 of all that the history says but the time.</summary>
    public static string HistoryOf(TrainingResult result)
    {
        var rows = result.History.Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{row.Epoch} {row.Step} {row.LearningRate:r} {row.GradientNorm:r} {string.Join(' ', row.Metrics.Select(metric => $"{metric.Key} {metric.Value:r}"))}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))));
    }
}
