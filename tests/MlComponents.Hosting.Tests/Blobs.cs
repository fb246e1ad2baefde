using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlComponents.Hosting.Tests;

/// <summary>Three clouds of points in the plane, for ML.NET and as tensors.</summary>
internal static class Blobs
{
    public sealed record Row
    {
        [VectorType(2)]
        public float[] Features { get; init; } = [];

        public uint Label { get; init; }
    }

    public static IDataView View(MLContext ml, int count = 60)
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, count).Select(i => new Row
        {
            Label = (uint)(i % 3), Features = [3 * float.Cos(2 * (i % 3)) + random.NextSingle(), 3 * float.Sin(2 * (i % 3)) + random.NextSingle()],
        }).ToList();
        return ml.Data.LoadFromEnumerable(rows);
    }

    public static IEstimator<ITransformer> Pipeline(MLContext ml) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 20));

    public static IReadOnlyDictionary<string, double> Evaluate(TrainingJobContext context, ITransformer model) => new Dictionary<string, double>
    {
        ["accuracy"] = context.ML.MulticlassClassification.Evaluate(model.Transform(View(context.ML))).MicroAccuracy,
    };

    public static TrainingJob Job => new()
    {
        Data = context => View(context.ML), Pipeline = context => Pipeline(context.ML), Evaluate = Evaluate, Seed = 1,
    };

    /// <summary>Trains a small network by the core's own loop.</summary>
    public static History Train(TrainerOptions options)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var label = arange(48).remainder(3);                                                                     // [N]
        var features = label.unsqueeze(1).to(ScalarType.Float32) + 0.1 * randn(48, 2, generator: generator);     // [N, 2]
        using var training = new TensorDataset(features, label);
        using var validation = new TensorDataset(features, label);

        using var result = new Trainer(options).Fit(new Mlp { Hidden = [8] }, Objective.Multiclass(3), training, validation);
        return result.History;
    }

    public static TrainerOptions Options => new() { Epochs = 2, BatchSize = 16, Seed = 1, Device = "cpu" };
}
