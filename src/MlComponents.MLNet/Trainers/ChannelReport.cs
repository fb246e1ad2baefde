using System.Globalization;
using Microsoft.ML.Runtime;

namespace MlComponents.MLNet;

/// <summary>Tells ML.NET's channels, and through them <c>MLContext.Log</c>, how a run is going.</summary>
internal sealed record ChannelReport(IChannel Channel, IProgressChannel Progress, Action<HistoryRow>? MetricsCallback) : CallbackDefinition
{
    public override TrainingCallback Create() => new Callback(this);

    private sealed class Callback(ChannelReport report) : TrainingCallback
    {
        private int epoch;
        private double? loss;

        public override void OnTrainStart(TrainStart e)
        {
            report.Progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry =>
            {
                entry.SetProgress(0, epoch, e.Run.Epochs);
                if (loss is { } value)
                    entry.SetMetric(0, value);
            });
            var run = e.Run;
            if (run.ResumedFromStep is { } step)
                Say($"Going on from the checkpoint of step {step}.");
            Say($"Training on {run.Context.Device}: {run.TrainingRows} rows, {run.ValidationRows} to validate, {run.Epochs} epochs of {run.StepsPerEpoch} steps, seed {run.Seed}.");
        }

        public override void OnEpochEnd(EpochEnd e)
        {
            epoch = e.Row.Epoch;
            loss = e.Row.Metrics[MetricNames.TrainLoss];
            report.Progress.Checkpoint(loss, epoch);
            var metrics = e.Row.Metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:g4}"));
            Say($"Epoch {epoch} of {e.Run.Epochs}: {string.Join(", ", metrics)}.");
            report.MetricsCallback?.Invoke(e.Row);
        }

        public override void OnWarning(Warning e) => report.Channel.Warning(MessageSensitivity.None, "{0}", e.Message);

        public override void OnTrainEnd(TrainEnd e)
        {
            if (e.Run.StopReason is { } reason)
                report.Channel.Warning(MessageSensitivity.None, "Training ended early: {0}", reason);
        }

        private void Say(FormattableString message) => report.Channel.Info(MessageSensitivity.None, "{0}", FormattableString.Invariant(message));
    }
}
