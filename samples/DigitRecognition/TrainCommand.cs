using System.Diagnostics;
using System.Runtime.InteropServices;
using Digits;
using Microsoft.ML;
using MlComponents;
using MlComponents.MLNet;
using MlComponents.Reporting;

namespace DigitRecognition;

/// <summary>Trains a model, or goes on where that was left, tests it, and keeps it with its history and its worst mistakes.</summary>
internal static class TrainCommand
{
    public static int Run(TrainOptions asked)
    {
        var plan = RunPlan.Of(asked);
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            return Run(asked, plan, cancellation.Token);
        }
        finally
        {
            plan.CleanUp();
        }

        // A second signal ends the process, and so does the first one for ML.NET's own trainer, which can't be stopped.
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = plan.Settings.Network != Trainers.Linear && !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }

    private static int Run(TrainOptions asked, RunPlan plan, CancellationToken cancellationToken)
    {
        var report = new Report(asked.Json);
        var (folder, settings, _) = plan;
        var digits = DigitData.Load(settings.Data, settings.Seed);
        var ml = new MLContext(settings.Seed);
        var outcome = plan.IsFinished ? Finished(ml, folder, report) : Train(ml, asked, plan, digits, report, cancellationToken);
        using var owned = outcome.Model as IDisposable;

        var evaluation = Evaluation.Of(ml, outcome.Model, digits.Test);
        var mistakes = Path.Combine(folder.Path, "mistakes.png");
        MistakeSheet.Save(evaluation, digits.Test, mistakes);
        report.Write(evaluation, outcome.Result);
        report.Say($"model:    {folder.ModelPath}");
        report.Say($"mistakes: {mistakes}");
        if (asked.HtmlReport && File.Exists(folder.ReportPath))
            report.Say($"report:   {folder.ReportPath}");
        if (outcome.Result.StopReason is not null && folder.HasCheckpoint)
            report.Say($"to go on: --resume --output {folder.Path}");
        return 0;
    }

    private static Outcome Train(MLContext ml, TrainOptions asked, RunPlan plan, DigitData digits, Report report, CancellationToken cancellationToken)
    {
        var (folder, settings, _) = plan;
        digits.MustBeLearnable();
        report.Say($"{digits.Train.Count} digits to learn from, a tenth of them for validation, and {digits.Test.Count} others to be tested on");

        TrainingRun? run = null;
        var watch = new LambdaCallback
        {
            OnTrainStart = e =>
            {
                run = e.Run;
                settings.Save(folder);   // before the first checkpoint, and not before the network is known to be able to learn from these rows
                if (e.Run.ResumedFromStep is { } step)
                    report.Say($"going on from step {step} of {e.Run.TotalSteps} in {folder.Path}");
            },
        };
        var progress = new ProgressBar { Output = asked.Json ? ProgressOutput.StandardError : ProgressOutput.StandardOutput };
        var started = Stopwatch.GetTimestamp();
        var model = Trainers.Fit(ml, settings, digits.Train, options => options with
        {
            Callbacks = [progress, watch, .. Watchers(asked, folder)],
            Prefetching = options.Prefetching with { Workers = asked.Workers ?? 0 },
            Checkpoints = new() { Folder = folder.CheckpointsPath, EverySteps = asked.CheckpointSteps, EveryEpoch = asked.CheckpointSteps is null, Resume = asked.Resume },
            CancellationToken = cancellationToken,
        });
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (run is null)
            settings.Save(folder);
        RunResults.Save(folder, ml, model, run?.History);
        return new(model, new(folder.ModelPath)
        {
            TrainSeconds = seconds, StopReason = run?.History.StopReason, WeightsSha256 = RunResults.WeightsSha256(folder, model), ResumedFromStep = run?.ResumedFromStep,
        });
    }

    private static IEnumerable<CallbackDefinition> Watchers(TrainOptions asked, RunFolder folder)
    {
        if (asked.TensorBoard is { } board)
            yield return new TensorBoard { Folder = board };
        if (asked.HtmlReport)
            yield return new HtmlReport { Path = folder.ReportPath, ImageShape = [1, DigitSet.Side, DigitSet.Side] };
    }

    private static Outcome Finished(MLContext ml, RunFolder folder, Report report)
    {
        report.Say($"the run in {folder.Path} is finished: this is its model, tested again");
        var model = ModelFile.Load(ml, folder.ModelPath);
        var stopReason = File.Exists(folder.HistoryPath) ? History.Load(folder.HistoryPath).StopReason : null;
        return new(model, new(folder.ModelPath) { StopReason = stopReason, WeightsSha256 = RunResults.WeightsSha256(folder, model) });
    }

    private sealed record Outcome(ITransformer Model, ModelOrigin Result);
}
