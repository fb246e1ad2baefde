using Digits;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlComponents;
using MlComponents.Hosting;
using MlComponents.MLNet;
using MlComponents.Reporting;

namespace TrainingService;

/// <summary>Learns to read digits.</summary>
internal static class DigitsJob
{
    private static readonly Mlp Mlp = new() { Hidden = [512, 256] };

    private static readonly ConvNet ConvNet = new()
    {
        InputShape = [1, DigitSet.Side, DigitSet.Side],
        Blocks = [new() { Channels = 16, Convolutions = 2 }, new() { Channels = 32, Convolutions = 2 }],
        Dropout = 0.3,
    };

    /// <summary>Whether progress is a bar on the terminal rather than lines in the log.</summary>
    public static bool ShowsProgressBar { get; } = Consoles.Create(ProgressOutput.StandardOutput).Profile.Capabilities.Interactive;

    public static TrainingJob Create(JobOptions options)
    {
        var digits = new Lazy<DigitData>(() => DigitData.Load(options.Data, options.Seed));
        return new TrainingJob
        {
            Seed = options.Seed,
            Data = context => DigitRow.ViewOf(context.ML, digits.Value.Train),
            Pipeline = context => Pipeline(context, options, digits.Value.Train.Count),
            Evaluate = (context, model) => Evaluate(context.ML, model, digits.Value.Test),
        };
    }

    private static EstimatorChain<KeyToValueMappingTransformer> Pipeline(TrainingJobContext context, JobOptions job, int rows)
    {
        var isConvNet = job.Network == "convnet";
        var options = context.Attach(new TorchTrainerOptions
        {
            Epochs = job.Epochs ?? (isConvNet ? 6 : 10),
            BatchSize = Math.Clamp(rows / 10, 1, 128),
            Optimizer = new AdamW { LearningRate = isConvNet ? 3e-3 : 2e-3 },
            Schedule = new Cosine(),
            Seed = job.Seed,
            ValidationFraction = 0.1,
            Callbacks = ShowsProgressBar ? [new ProgressBar()] : [],
        });

        var ml = context.ML;
        return ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.MulticlassClassification.Trainers.Torch(isConvNet ? ConvNet : Mlp, options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    }

    private static Dictionary<string, double> Evaluate(MLContext ml, ITransformer model, DigitSet test)
    {
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(DigitRow.ViewOf(ml, test)));
        return new() { ["accuracy"] = metrics.MicroAccuracy, ["macro accuracy"] = metrics.MacroAccuracy, ["log loss"] = metrics.LogLoss };
    }
}
