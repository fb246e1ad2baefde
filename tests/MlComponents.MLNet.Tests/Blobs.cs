namespace MlComponents.MLNet.Tests;

/// <summary>Small data views and trainers that several tests share.</summary>
internal static class Blobs
{
    public static readonly Mlp Network = new() { Hidden = [16] };

    public static readonly TorchTrainerOptions Options = new()
    {
        Epochs = 15, BatchSize = 16, Seed = 1, Device = "cpu", Optimizer = new AdamW { LearningRate = 0.02 },
    };

    public static IDataView View(MLContext ml, int rows = 120, int seed = 1) => ml.Data.LoadFromEnumerable(BlobRow.Create(rows, seed));

    /// <summary>The rows with a key as label.</summary>
    public static IDataView Keyed(MLContext ml, int rows = 120, int seed = 1)
    {
        var view = View(ml, rows, seed);
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    public static IEstimator<ITransformer> Pipeline(MLContext ml, NetworkDefinition? network = null, TorchTrainerOptions? options = null) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.Torch(network ?? Network, options ?? Options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
