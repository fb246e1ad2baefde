using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlComponents.MLNet;

namespace MlComponents.ScoreProbe;

/// <summary>Runs on rows that take twice the memory that they may, so that they are streamed.</summary>
public static class StreamedRun
{
    /// <summary>Rows.</summary>
    public const int Count = 30_000;

    public static TorchTrainerOptions Options { get; } = new()
    {
        Epochs = 2, BatchSize = 100, Seed = 3, Device = "cpu", LabelColumnName = "Number", MemoryBudget = 1 << 20,
    };

    /// <summary>Options of a run that holds rows back, so many that these are streamed too, with its files in a folder: temporary ones in <c>rows</c>, and checkpoints to go on from.</summary>
    public static TorchTrainerOptions In(string folder) => Options with
    {
        BatchSize = 500, ValidationFraction = 0.3,
        TemporaryFolder = Directory.CreateDirectory(Path.Combine(folder, "rows")).FullName,
        Checkpoints = new() { Folder = Path.Combine(folder, "checkpoints"), EverySteps = 50, EveryEpoch = false, Resume = true },
    };

    /// <summary>Trains.</summary>
    /// <param name="options">How.</param>
    /// <param name="callbacks">Who watches.</param>
    public static TorchTransformer Fit(TorchTrainerOptions options, params CallbackDefinition[] callbacks)
    {
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                Console.WriteLine(e.RawMessage);
        };
        return ml.Regression.Trainers.Torch(new Mlp { Hidden = [16] }, options with { Callbacks = callbacks }).Fit(ml.Data.LoadFromEnumerable(NumberedRow.Create(Count).ToList()));
    }

    /// <summary>Trains in a folder until there is a checkpoint in the middle of the second epoch, prints "here", and waits to be killed.</summary>
    public static void FitUntilKilled(string folder)
    {
        var options = In(folder);
        var stop = new LambdaCallback
        {
            OnStepEnd = e =>
            {
                if (e.Step != e.Run.StepsPerEpoch * 3 / 2)
                    return;
                SpinWait.SpinUntil(() => Directory.Exists(Path.Combine(options.Checkpoints!.Folder, "step-00000050")));
                Console.WriteLine("here");
                Console.In.ReadToEnd();   // until the one who was to kill it is gone
                Environment.Exit(1);
            },
        };
        Fit(options, stop).Dispose();
    }
}
