using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>The live <see cref="ProgressBar"/>.</summary>
internal sealed class ProgressBarCallback(ProgressBar options) : TrainingCallback
{
    private static readonly TimeSpan LongestTimeLeft = TimeSpan.FromHours(9_999);   // a run of so many epochs is meant to be stopped

    private readonly TimeProvider clock = options.Clock;
    private IAnsiConsole console = null!;   // set when the run starts
    private bool hasFailed;
    private bool isLive;
    private bool isDrawn;
    private long runStart;
    private long firstStep;
    private long epochStart;
    private long epochRows;
    private double samplesPerSecond;
    private long lastDrawing;
    private double? loss;
    private IReadOnlyDictionary<string, double> validation = new Dictionary<string, double>();

    public override void OnTrainStart(TrainStart e)
    {
        runStart = clock.GetTimestamp();
        firstStep = e.Run.Step;
        Try(() =>
        {
            console = options.Console ?? Consoles.Create(options.Output);
            isLive = console.Profile.Capabilities is { Ansi: true, Interactive: true };
        });
    }

    public override void OnEpochStart(EpochStart e)
    {
        epochStart = clock.GetTimestamp();
        epochRows = 0;
        loss = null;
    }

    public override void OnStepEnd(StepEnd e)
    {
        epochRows += e.Rows;
        loss = e.Loss ?? loss;
        if (isLive && (!isDrawn || IsDue))
            Draw(e.Run, e.Epoch);
    }

    public override void OnValidationStart(ValidationStart e)
    {
        MeasureSpeed();
        if (isLive)
            Draw(e.Run, e.Epoch, new(0, null));
    }

    public override void OnValidationBatch(ValidationBatch e)
    {
        if (isLive && IsDue)
            Draw(e.Run, e.Epoch, new(e.Number, e.Count));
    }

    public override void OnValidationEnd(ValidationEnd e) =>
        validation = e.Metrics.ToDictionary(metric => metric.Key, metric => metric.Value.Value);

    public override void OnEpochEnd(EpochEnd e)
    {
        if (e.Run.ValidationRows == 0)
            MeasureSpeed();
        WriteLine(ProgressText.EpochLine(e.Run, e.Row, samplesPerSecond, TimeLeft(e.Run)));
    }

    public override void OnWarning(Warning e) => WriteLine($"warning: {e.Message}");

    public override void OnTrainEnd(TrainEnd e)
    {
        if (e.Error is null && e.Run.StopReason is { } reason)
            WriteLine($"stopped: {reason}");
        else
            Try(Erase);
    }

    private bool IsDue => clock.GetElapsedTime(lastDrawing).TotalMilliseconds >= options.RefreshMilliseconds;

    private void MeasureSpeed() => samplesPerSecond = epochRows / Math.Max(clock.GetElapsedTime(epochStart).TotalSeconds, 1e-9);

    private TimeSpan TimeLeft(TrainingRun run)
    {
        var secondsPerStep = clock.GetElapsedTime(runStart).TotalSeconds / Math.Max(1, run.Step - firstStep);
        return TimeSpan.FromSeconds(Math.Clamp(secondsPerStep * (run.TotalSteps - run.Step), 0, LongestTimeLeft.TotalSeconds));
    }

    private void Draw(TrainingRun run, int epoch, ValidationProgress? validating = null) => Try(() =>
    {
        lastDrawing = clock.GetTimestamp();
        if (validating is null)
            MeasureSpeed();
        var bar = ProgressText.Bar(run, epoch, loss, validation, validating, samplesPerSecond, TimeLeft(run), console.Profile);
        Erase();
        console.Write(new Markup(bar));
        isDrawn = true;
    });

    /// <summary>Writes a line that stays; past the console's own line breaks, which would cut it at 80 columns in a file.</summary>
    private void WriteLine(string text) => Try(() =>
    {
        Erase();
        console.Profile.Out.Writer.WriteLine(text);
        console.Profile.Out.Writer.Flush();
    });

    private void Erase()
    {
        if (isDrawn)
            console.Write(new ControlCode("\r\e[2K"));
        isDrawn = false;
    }

    private void Try(Action write)
    {
        if (hasFailed)
            return;
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or NotSupportedException or UnauthorizedAccessException)
        {
            (hasFailed, isLive) = (true, false);
        }
    }
}
