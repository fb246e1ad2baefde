using System.Text.Json;
using System.Text.Json.Serialization;
using MlComponents.Reporting;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>What the user sees: text on standard output, or one JSON object there and the text on standard error.</summary>
internal sealed class Report(bool json)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly IAnsiConsole console = Consoles.Create(json ? ProgressOutput.StandardError : ProgressOutput.StandardOutput);

    /// <summary>Writes a line, never broken: it may be a path to be copied.</summary>
    public void Say(string line) => console.Profile.Out.Writer.WriteLine(line);

    /// <summary>Writes the confusion matrix, the metrics and, at the end, the JSON object if it was asked for.</summary>
    /// <param name="evaluation">How the model did.</param>
    /// <param name="model">Where the model is from.</param>
    public void Write(Evaluation evaluation, ModelOrigin model)
    {
        var metrics = evaluation.Metrics;
        console.Write(ConfusionMatrixTable.Create(metrics.ConfusionMatrix.Counts, evaluation.Classes));
        console.Write(MetricsTable.Create(
        [
            new("accuracy", metrics.MicroAccuracy),
            new("macro accuracy", metrics.MacroAccuracy),
            new("log loss", metrics.LogLoss),
            .. model.TrainSeconds is { } seconds ? [new("seconds of training", seconds)] : Array.Empty<KeyValuePair<string, double>>(),
            new("seconds of scoring", evaluation.Seconds),
        ]));
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new Summary(
                metrics.MicroAccuracy, metrics.MacroAccuracy, metrics.LogLoss, evaluation.Rows, model.TrainSeconds, evaluation.Seconds, model.Path, model.StopReason,
                model.WeightsSha256, model.ResumedFromStep), Json));
    }

    private sealed record Summary(
        double Accuracy, double MacroAccuracy, double LogLoss, int Rows, double? TrainSeconds, double ScoreSeconds, string Model, string? StopReason,
        string? WeightsSha256, long? ResumedFromStep);
}
