using System.Globalization;
using System.Text;
using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>How far a validation is.</summary>
/// <param name="Number">Batches that are done.</param>
/// <param name="Count">Batches in all; null before the first.</param>
internal readonly record struct ValidationProgress(long Number, long? Count);

/// <summary>What the progress bar says.</summary>
internal static class ProgressText
{
    private const int BarWidth = 20;
    private const int ValidationBarWidth = 10;

    /// <summary>The line that stays after an epoch.</summary>
    public static string EpochLine(TrainingRun run, HistoryRow row, double samplesPerSecond, TimeSpan timeLeft)
    {
        var parts = new List<string> { EpochOf(run, row.Epoch) };
        parts.AddRange(row.Metrics.Select(metric => Metric(metric.Key, metric.Value)));
        parts.Add(Speed(samplesPerSecond));
        if (row.Epoch < run.Epochs && run.StopReason is null)
            parts.Add($"{Time(timeLeft)} left");
        return string.Join("  ", parts);
    }

    /// <summary>The line that moves, as markup no longer than the console is wide.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">Its epoch, from 1.</param>
    /// <param name="loss">The last loss that was read.</param>
    /// <param name="validation">The last validation.</param>
    /// <param name="validating">How far the validation is that goes on, as a bar within the line; null outside of one.</param>
    /// <param name="samplesPerSecond">The speed of the training.</param>
    /// <param name="timeLeft">Time left of the run.</param>
    /// <param name="profile">The console's width and characters.</param>
    public static string Bar(
        TrainingRun run, int epoch, double? loss, IReadOnlyDictionary<string, double> validation, ValidationProgress? validating, double samplesPerSecond, TimeSpan timeLeft, Profile profile)
    {
        var share = Math.Clamp((run.Step - (epoch - 1) * run.StepsPerEpoch) / (double)run.StepsPerEpoch, 0, 1);
        var filled = (int)(share * BarWidth);
        var (done, open) = profile.Capabilities.Unicode ? ('━', '─') : ('#', '-');

        var parts = new List<string> { $"{(int)(100 * share),3}%" };
        if (validating is { } pass)
            parts.Add(Validating(pass, done, open));
        if (loss is { } value)
            parts.Add(Metric("loss", value));
        parts.Add($"{Time(timeLeft)} left");
        if (validating is null)
            parts.Add(Speed(samplesPerSecond));
        parts.AddRange(validation.Select(metric => Metric(metric.Key, metric.Value)));

        var start = EpochOf(run, epoch) + "  ";
        var room = profile.Width - 1 - start.Length - BarWidth;   // the last column would break the line
        var rest = new StringBuilder();
        foreach (var part in parts.TakeWhile(part => rest.Length + 2 + part.Length <= room))
            rest.Append("  ").Append(part);
        return room < 0
            ? Markup.Escape(start[..Math.Max(0, Math.Min(start.Length, profile.Width - 1))])
            : $"{start}[green]{new string(done, filled)}[/][grey]{new string(open, BarWidth - filled)}[/]{Markup.Escape(rest.ToString())}";
    }

    private static string Validating(ValidationProgress pass, char done, char open)
    {
        if (pass.Count is not { } count)
            return "validating";
        var filled = (int)(pass.Number * ValidationBarWidth / Math.Max(count, 1));
        return string.Create(CultureInfo.InvariantCulture, $"validating {new string(done, filled)}{new string(open, ValidationBarWidth - filled)} {pass.Number}/{count}");
    }

    private static string EpochOf(TrainingRun run, int epoch) =>
        $"epoch {epoch.ToString(CultureInfo.InvariantCulture).PadLeft(run.Epochs.ToString(CultureInfo.InvariantCulture).Length)}/{run.Epochs}";

    private static string Metric(string name, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{name.Replace('/', ' ')} {value:0.0000}");

    private static string Speed(double samplesPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{samplesPerSecond:N0} samples/s");

    private static string Time(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : time.TotalHours < 1
            ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}");
}
