using System.Diagnostics;
using System.Globalization;

namespace MlComponents.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointKillTests
{
    private const int Kills = 5;

    private static readonly string Probe = DotnetProcess.ProgramOf("MlComponents.CheckpointProbe");

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task ReadLatest_AfterAKill_IsSoundAndNoOlderThanTheLastThatWasWritten()
    {
        var seed = Random.Shared.Next();
        TestContext.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var last = 0L;
            for (var kill = 0; kill < Kills; kill++)
            {
                // An odd line says that one begins: the kill comes in the middle of it. Before an even one it has just been written, and old ones are deleted.
                var lines = random.Next(1, 12);
                var start = new ProcessStartInfo(DotnetProcess.Dotnet, ["exec", Probe, root]);
                var written = await ChildProcess.KillAfterAsync(start, lines);

                Assert.IsTrue(written.All(line => line.StartsWith("begin ", StringComparison.Ordinal) || line.StartsWith("end ", StringComparison.Ordinal)), string.Join('\n', written));
                last = Math.Max(last, written.Where(line => line.StartsWith("end ", StringComparison.Ordinal)).Select(line => long.Parse(line[4..], CultureInfo.InvariantCulture)).LastOrDefault());
                AssertSound(new CheckpointFolder(root), last, $"seed {seed}, kill {kill} after {lines} lines");
            }

            new CheckpointFolder(root).Prepare();
            Assert.IsTrue(Directory.GetFileSystemEntries(root).All(path => CheckpointFiles.StepOf(Path.GetFileName(path)) is not null), "leftovers are cleaned");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void AssertSound(CheckpointFolder folder, long atLeast, string when)
    {
        using var scope = NewDisposeScope();
        using var latest = folder.ReadLatest(warning => Assert.Fail($"{when}: {warning}"));

        Assert.IsGreaterThanOrEqualTo(atLeast, latest?.Step ?? 0, when);
        if (latest is not null)
            foreach (var state in new[] { latest.Weights, latest.Optimizer, latest.Run })
                Assert.IsTrue(state.Tensors["x"].eq(latest.Step).all().item<bool>(), when);
    }
}
