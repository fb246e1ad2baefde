using Digits;
using Microsoft.ML;

namespace DigitRecognition;

/// <summary>Tests a model of an earlier run.</summary>
internal static class ScoreCommand
{
    public static int Run(string modelPath, string? data, int seed, bool json)
    {
        var ml = new MLContext(seed);
        var model = ModelFile.Load(ml, modelPath);
        using var owned = model as IDisposable;
        var digits = DigitData.Load(data, seed);

        new Report(json).Write(Evaluation.Of(ml, model, digits.Test), new(modelPath));
        return 0;
    }
}
