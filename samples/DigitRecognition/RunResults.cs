using System.Security.Cryptography;
using Microsoft.ML;
using MlComponents;
using MlComponents.MLNet;

namespace DigitRecognition;

/// <summary>Writes what a run ends with, so that a process that is killed at any moment leaves a run that is finished or one that goes on.</summary>
internal static class RunResults
{
    /// <summary>Writes weights, history and model.</summary>
    /// <remarks>
    /// A run is finished when its model is there: that comes last. The model of a run that was stopped goes first, because it must not be taken for this one's; until
    /// the new one is there the run's last checkpoint is what it goes on from.
    /// </remarks>
    public static void Save(RunFolder folder, MLContext ml, ITransformer model, History? history)
    {
        File.Delete(folder.ModelPath);
        SaveWeights(folder, model);
        history?.Save(folder.HistoryPath);
        ModelFile.Save(ml, model, folder.ModelPath);
    }

    /// <summary>SHA-256 of the file of weights, in lower-case hexadecimal digits; null for a model that has none.</summary>
    public static string? WeightsSha256(RunFolder folder, ITransformer model)
    {
        if (!File.Exists(folder.WeightsPath))
            SaveWeights(folder, model);
        if (!File.Exists(folder.WeightsPath))
            return null;
        using var stream = File.OpenRead(folder.WeightsPath);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static void SaveWeights(RunFolder folder, ITransformer model)
    {
        if ((model as IEnumerable<ITransformer>)?.OfType<TorchTransformer>().SingleOrDefault() is { } network)
            StateDict.Save(network.Model.Network, folder.WeightsPath);
        else
            File.Delete(folder.WeightsPath);
    }
}
