using Digits;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlComponents.Hosting;
using MlComponents.Reporting;

namespace TrainingService;

/// <summary>Learns to read digits.</summary>
internal static class DigitsJob
{
    /// <summary>Whether progress is a bar on the terminal rather than lines in the log.</summary>
    public static bool ShowsProgressBar { get; } = Consoles.Create(ProgressOutput.StandardOutput).Profile.Capabilities.Interactive;

    public static TrainingJob Create(JobOptions options)
    {
        var digits = new Lazy<DigitData>(() => DigitData.Load(options.Data, options.Seed));
        return new TrainingJob
        {
            Seed = options.Seed,
            Data = context =>
            {
                digits.Value.MustBeLearnable();
                return DigitRow.ViewOf(context.ML, digits.Value.Train);
            },
            Pipeline = context => Pipeline(context, options, digits.Value.Train.Count),
            Evaluate = (context, model) => Evaluate(context.ML, model, digits.Value.Test),
        };
    }

    private static EstimatorChain<KeyToValueMappingTransformer> Pipeline(TrainingJobContext context, JobOptions job, int rows) =>
        DigitNetworks.Pipeline(context.ML, DigitNetworks.Trainer(context.ML, job.Network, rows, job.Seed, job.Epochs, options =>
            context.Attach(options with { Callbacks = ShowsProgressBar ? [new ProgressBar()] : [] })));

    private static Dictionary<string, double> Evaluate(MLContext ml, ITransformer model, DigitSet test)
    {
        var metrics = DigitEvaluation.Of(ml, model, test).Metrics;
        return new() { ["accuracy"] = metrics.MicroAccuracy, ["macro accuracy"] = metrics.MacroAccuracy, ["log loss"] = metrics.LogLoss };
    }
}
