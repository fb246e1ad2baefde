using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MlComponents;

/// <summary>
/// Every name, unit and tag of what a run tells the outside: one <see cref="System.Diagnostics.Metrics.Meter"/> and one
/// <see cref="System.Diagnostics.ActivitySource"/>, both named <see cref="SourceName"/>, for <c>dotnet-counters</c>, OpenTelemetry or any other listener.
/// </summary>
/// <remarks>
/// Gauges hold the last value of whichever run wrote last: compare runs of one process by their spans. Nothing is computed, and nothing
/// allocated in a step, for an instrument without a listener.
/// </remarks>
public static class TrainingTelemetry
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string SourceName = "MlComponents.Training";

    /// <summary>Gauge, 1: mean loss of a batch, in the steps in which it is read (<see cref="TrainerOptions.LogEvery"/>).</summary>
    public const string LossName = "mlcomponents.training.loss";

    /// <summary>Counter, {sample}: examples trained on.</summary>
    public const string SamplesName = "mlcomponents.training.samples";

    /// <summary>Histogram, s: time of a step without waiting for data.</summary>
    public const string StepDurationName = "mlcomponents.training.step.duration";

    /// <summary>Histogram, s: time that a step waited for its batch.</summary>
    public const string DataWaitName = "mlcomponents.training.data.wait";

    /// <summary>Gauge, no unit: number of the epoch, from 1.</summary>
    public const string EpochName = "mlcomponents.training.epoch";

    /// <summary>Gauge, 1: learning rate of a step.</summary>
    public const string LearningRateName = "mlcomponents.training.learning_rate";

    /// <summary>Gauge, 1: L2 norm of all gradients before clipping, in the steps in which it is read.</summary>
    public const string GradientNormName = "mlcomponents.training.gradient_norm";

    /// <summary>Gauge, no unit, tagged <see cref="MetricNameTag"/>: a metric after an epoch, e.g. <c>validation/accuracy</c>.</summary>
    public const string MetricName = "mlcomponents.training.metric";

    /// <summary>Up-down counter, no unit, tagged <see cref="RunStateTag"/>: runs of this process that are in a state now.</summary>
    public const string RunsName = "mlcomponents.training.runs";

    /// <summary>
    /// Gauge, By, tagged <see cref="DeviceTag"/>: memory in use, at most once a second. On a CPU it is the process's working set; on
    /// CUDA libtorch's managed interface tells nothing, so nothing is recorded.
    /// </summary>
    public const string DeviceMemoryName = "mlcomponents.training.device.memory";

    /// <summary>Tag: a metric's full name, as in <see cref="HistoryRow.Metrics"/>.</summary>
    public const string MetricNameTag = "mlcomponents.metric.name";

    /// <summary>Tag: <c>running</c>, <c>completed</c>, <c>stopped</c> (a callback asked), <c>cancelled</c> or <c>failed</c>. Also on the span of a run.</summary>
    public const string RunStateTag = "mlcomponents.run.state";

    /// <summary>Tag: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public const string DeviceTag = "mlcomponents.device";

    /// <summary>Tag of a span: number of the epoch, from 1.</summary>
    public const string EpochTag = "mlcomponents.epoch";

    /// <summary>Tag of a span: steps done.</summary>
    public const string StepTag = "mlcomponents.step";

    /// <summary>Tag of <see cref="CheckpointSpan"/>, s: time until the checkpoint was on the disk, without the deletion of older ones.</summary>
    public const string DurationTag = "mlcomponents.checkpoint.duration";

    /// <summary>Span of a run. Its status is Error, with the exception as an event, when the run failed.</summary>
    public const string TrainSpan = "train";

    /// <summary>Span of an epoch, tagged <see cref="EpochTag"/>, inside <see cref="TrainSpan"/>.</summary>
    public const string EpochSpan = "epoch";

    /// <summary>Span of a validation, tagged <see cref="EpochTag"/>, inside <see cref="EpochSpan"/>.</summary>
    public const string ValidateSpan = "validate";

    /// <summary>
    /// Span of a checkpoint's way to the disk on a thread beside the run, tagged <see cref="StepTag"/> and <see cref="DurationTag"/>, inside the span in which it was taken.
    /// Its status is Error when it couldn't be written.
    /// </summary>
    public const string CheckpointSpan = "checkpoint";

    internal const string Running = "running";
    internal const string Completed = "completed";
    internal const string Stopped = "stopped";
    internal const string Cancelled = "cancelled";
    internal const string Failed = "failed";

    private static readonly Meter Meter = new(SourceName);

    // From a small network's step on a CPU to a large one's that waits for a slow disk; OpenTelemetry's own bounds are for milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    internal static ActivitySource Source { get; } = new(SourceName);

    internal static Gauge<double> Loss { get; } = Meter.CreateGauge<double>(LossName, "1", "Mean loss of a batch.");

    internal static Counter<long> Samples { get; } = Meter.CreateCounter<long>(SamplesName, "{sample}", "Examples trained on.");

    internal static Histogram<double> StepDuration { get; } =
        Meter.CreateHistogram(StepDurationName, "s", "Time of a step without waiting for data.", tags: null, Seconds);

    internal static Histogram<double> DataWait { get; } =
        Meter.CreateHistogram(DataWaitName, "s", "Time that a step waited for its batch.", tags: null, Seconds);

    internal static Gauge<int> Epoch { get; } = Meter.CreateGauge<int>(EpochName, description: "Number of the epoch, from 1.");

    internal static Gauge<double> LearningRate { get; } = Meter.CreateGauge<double>(LearningRateName, "1", "Learning rate of a step.");

    internal static Gauge<double> GradientNorm { get; } = Meter.CreateGauge<double>(GradientNormName, "1", "L2 norm of all gradients before clipping.");

    internal static Gauge<double> Metric { get; } = Meter.CreateGauge<double>(MetricName, description: "A metric after an epoch.");

    internal static UpDownCounter<int> Runs { get; } = Meter.CreateUpDownCounter<int>(RunsName, description: "Runs that are in a state now.");

    internal static Gauge<long> DeviceMemory { get; } = Meter.CreateGauge<long>(DeviceMemoryName, "By", "Memory in use on a device.");
}
