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
            Say($"Training on {e.Run.Context.Device}: {e.Run.TrainingRows} rows, {e.Run.ValidationRows} to validate, {e.Run.Epochs} epochs of {e.Run.StepsPerEpoch} steps, seed {e.Run.Seed}.");
        }

        public override void OnEpochEnd(EpochEnd e)
        {
            epoch = e.Row.Epoch;
            loss = e.Row.Metrics[MetricNames.TrainLoss];
            report.Progress.Checkpoint(loss, epoch);
            Say($"Epoch {epoch} of {e.Run.Epochs}: {string.Join(", ", e.Row.Metrics.Select(metric => $"{metric.Key} {metric.Value.ToString("g4", CultureInfo.InvariantCulture)}"))}.");
            report.MetricsCallback?.Invoke(e.Row);
        }

        public override void OnTrainEnd(TrainEnd e)
        {
            if (e.Run.StopReason is { } reason)
                report.Channel.Warning(MessageSensitivity.None, "Training ended early: {0}", reason);
        }

        private void Say(FormattableString message) => report.Channel.Info(MessageSensitivity.None, "{0}", FormattableString.Invariant(message));
    }
}
