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
    /// <param name="model">The model's file.</param>
    /// <param name="trainSeconds">How long its training took, or null when it was trained before.</param>
    /// <param name="stopReason">Why its training ended early, or null.</param>
    public void Write(Evaluation evaluation, string model, double? trainSeconds, string? stopReason = null)
    {
        var metrics = evaluation.Metrics;
        console.Write(ConfusionMatrixTable.Create(metrics.ConfusionMatrix.Counts, evaluation.Classes));
        console.Write(MetricsTable.Create(
        [
            new("accuracy", metrics.MicroAccuracy),
            new("macro accuracy", metrics.MacroAccuracy),
            new("log loss", metrics.LogLoss),
            .. trainSeconds is { } seconds ? [new("seconds of training", seconds)] : Array.Empty<KeyValuePair<string, double>>(),
            new("seconds of scoring", evaluation.Seconds),
        ]));
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new Summary(
                metrics.MicroAccuracy, metrics.MacroAccuracy, metrics.LogLoss, evaluation.Rows, trainSeconds, evaluation.Seconds, model, stopReason), Json));
    }

    private sealed record Summary(
        double Accuracy, double MacroAccuracy, double LogLoss, int Rows, double? TrainSeconds, double ScoreSeconds, string Model, string? StopReason);
}
