using System.Globalization;
using System.Text;
using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>What the progress bar says.</summary>
internal static class ProgressText
{
    private const int BarWidth = 20;

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
    /// <param name="samplesPerSecond">The speed, or null during a validation.</param>
    /// <param name="timeLeft">Time left of the run.</param>
    /// <param name="profile">The console's width and characters.</param>
    public static string Bar(
        TrainingRun run, int epoch, double? loss, IReadOnlyDictionary<string, double> validation, double? samplesPerSecond, TimeSpan timeLeft, Profile profile)
    {
        var share = Math.Clamp((run.Step - (epoch - 1) * run.StepsPerEpoch) / (double)run.StepsPerEpoch, 0, 1);
        var filled = (int)(share * BarWidth);
        var (done, open) = profile.Capabilities.Unicode ? ('━', '─') : ('#', '-');

        var parts = new List<string> { $"{(int)(100 * share),3}%" };
        if (loss is { } value)
            parts.Add(Metric("loss", value));
        parts.Add($"{Time(timeLeft)} left");
        parts.Add(samplesPerSecond is { } speed ? Speed(speed) : "validating");
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
