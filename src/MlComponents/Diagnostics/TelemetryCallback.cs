using System.Diagnostics;

namespace MlComponents;

/// <summary>Tells a run to <see cref="TrainingTelemetry"/>: its numbers to the instruments, its parts as spans.</summary>
internal sealed class TelemetryCallback : TrainingCallback
{
    private static readonly TimeSpan MemoryEvery = TimeSpan.FromSeconds(1);

    private static readonly KeyValuePair<string, object?> RunningState = State(TrainingTelemetry.Running);
    private KeyValuePair<string, object?> device;
    private bool readsMemory;
    private long memoryRead;
    private Activity? train;
    private Activity? epoch;
    private Activity? validate;

    public override void OnTrainStart(TrainStart e)
    {
        device = new(TrainingTelemetry.DeviceTag, e.Run.Context.Device.ToString());
        readsMemory = e.Run.Context.Device.type == DeviceType.CPU;
        train = TrainingTelemetry.Source.StartActivity(TrainingTelemetry.TrainSpan);
        TrainingTelemetry.Runs.Add(1, RunningState);
    }

    public override void OnEpochStart(EpochStart e)
    {
        TrainingTelemetry.Epoch.Record(e.Epoch);
        epoch = Start(TrainingTelemetry.EpochSpan, e.Epoch);
    }

    public override void OnStepEnd(StepEnd e)
    {
        TrainingTelemetry.Samples.Add(e.Rows);
        TrainingTelemetry.StepDuration.Record(e.Duration.TotalSeconds);
        TrainingTelemetry.DataWait.Record(e.DataWait.TotalSeconds);
        TrainingTelemetry.LearningRate.Record(e.LearningRate);
        if (e.Loss is { } loss)
            TrainingTelemetry.Loss.Record(loss);
        if (e.GradientNorm is { } norm)
            TrainingTelemetry.GradientNorm.Record(norm);
        if (readsMemory && TrainingTelemetry.DeviceMemory.Enabled)
            RecordMemory();
    }

    public override void OnValidationStart(ValidationStart e) => validate = Start(TrainingTelemetry.ValidateSpan, e.Epoch);

    public override void OnValidationEnd(ValidationEnd e) => validate = End(validate);

    public override void OnEpochEnd(EpochEnd e)
    {
        if (TrainingTelemetry.Metric.Enabled)
            foreach (var (name, value) in e.Row.Metrics)
                TrainingTelemetry.Metric.Record(value, new KeyValuePair<string, object?>(TrainingTelemetry.MetricNameTag, name));
        epoch = End(epoch);
    }

    public override void OnTrainEnd(TrainEnd e)
    {
        var end = EndOf(e);
        TrainingTelemetry.Runs.Add(-1, RunningState);
        TrainingTelemetry.Runs.Add(1, State(end));

        train?.SetTag(TrainingTelemetry.RunStateTag, end);
        if (end == TrainingTelemetry.Failed)
        {
            train?.AddException(e.Error!);
            foreach (var span in new[] { validate, epoch, train })
                span?.SetStatus(ActivityStatusCode.Error, e.Error!.Message);
        }
        validate = End(validate);
        epoch = End(epoch);
        train = End(train);
    }

    private static string EndOf(TrainEnd e) => e.Error switch
    {
        OperationCanceledException => TrainingTelemetry.Cancelled,
        not null => TrainingTelemetry.Failed,
        _ when e.Run.StopReason is null => TrainingTelemetry.Completed,
        _ when e.Run.Options.CancellationToken.IsCancellationRequested => TrainingTelemetry.Cancelled,
        _ => TrainingTelemetry.Stopped,
    };

    private static KeyValuePair<string, object?> State(string state) => new(TrainingTelemetry.RunStateTag, state);

    private static Activity? Start(string span, int epoch) =>
        TrainingTelemetry.Source.StartActivity(span)?.SetTag(TrainingTelemetry.EpochTag, epoch);

    private static Activity? End(Activity? span)
    {
        span?.Dispose();
        return null;
    }

    private void RecordMemory()
    {
        if (memoryRead != 0 && Stopwatch.GetElapsedTime(memoryRead) < MemoryEvery)
            return;
        TrainingTelemetry.DeviceMemory.Record(Environment.WorkingSet, device);
        memoryRead = Stopwatch.GetTimestamp();
    }
}
