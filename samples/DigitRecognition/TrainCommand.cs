using System.Diagnostics;
using System.Runtime.InteropServices;
using Digits;
using Microsoft.ML;
using MlComponents;

namespace DigitRecognition;

/// <summary>Trains a model, tests it, and keeps it with its history and its worst mistakes.</summary>
internal static class TrainCommand
{
    public static int Run(TrainSettings settings)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        var folder = settings.Output is { } output ? RunFolder.Use(output) : RunFolder.Create("runs", "digits");
        try
        {
            return Run(settings, folder, cancellation.Token);
        }
        finally
        {
            folder.DeleteIfEmpty();
        }

        // A second signal ends the process, and so does the first one for ML.NET's own trainer, which can't be stopped.
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = settings.Network != "linear" && !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }

    private static int Run(TrainSettings settings, RunFolder folder, CancellationToken cancellationToken)
    {
        var report = new Report(settings.Json);
        var digits = DigitData.Load(settings.Data, settings.Seed);
        digits.MustBeLearnable();
        report.Say($"{digits.Train.Count} digits to learn from, a tenth of them for validation, and {digits.Test.Count} others to be tested on");

        var ml = new MLContext(settings.Seed);
        History? history = null;
        var started = Stopwatch.GetTimestamp();
        var model = Trainers.Fit(ml, settings, digits.Train, onTrainEnd: e => history = e.Run.History, cancellationToken);
        var trainSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var owned = model as IDisposable;

        ModelFile.Save(ml, model, folder.ModelPath);
        history?.Save(folder.HistoryPath);
        var evaluation = Evaluation.Of(ml, model, digits.Test);
        var mistakes = Path.Combine(folder.Path, "mistakes.png");
        MistakeSheet.Save(evaluation, digits.Test, mistakes);
        report.Write(evaluation, folder.ModelPath, trainSeconds, history?.StopReason);
        report.Say($"model:    {folder.ModelPath}");
        report.Say($"mistakes: {mistakes}");
        return 0;
    }
}
