using MlComponents;

// Writes checkpoints into the folder args[0], one step after the other from the newest that is there, and keeps two; every tensor holds the step. It says when it
// begins one and when it is written.
const int Rows = 100_000;

var folder = new CheckpointFolder(args[0]);
folder.Prepare();
using var latest = folder.ReadLatest(Console.WriteLine);
for (var step = (latest?.Step ?? 0) + 1; ; step++)
{
    using var scope = NewDisposeScope();
    using var checkpoint = new Checkpoint { Step = step, Epoch = 1, Batch = step, Definition = [], Environment = [], Metrics = new Dictionary<string, double>() };
    foreach (var state in new[] { checkpoint.Weights, checkpoint.Optimizer, checkpoint.Run })
        state.Set("x", full(Rows, step, ScalarType.Int64));

    Console.WriteLine($"begin {step}");
    folder.Write(checkpoint);
    Console.WriteLine($"end {step}");
    foreach (var old in folder.Steps.SkipLast(2))
        folder.Delete(old);
}
