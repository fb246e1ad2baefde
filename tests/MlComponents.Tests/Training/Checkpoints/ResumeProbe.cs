namespace MlComponents.Tests.Training.Checkpoints;

/// <summary>Runs of the application <c>MlComponents.ResumeProbe</c> in processes of their own, all with checkpoints in one folder, which is removed at the end.</summary>
internal sealed class ResumeProbe : IDisposable
{
    private const string Name = "MlComponents.ResumeProbe";

    /// <summary>Steps of a whole run.</summary>
    public const int Steps = 160;

    /// <summary>The step of the first checkpoint.</summary>
    public const int FirstCheckpoint = 6;

    private static readonly string Assembly = DotnetProcess.ProgramOf(Name);

    private readonly string folder = Directory.CreateTempSubdirectory("resume-probe-").FullName;

    /// <summary>What a whole run ended with.</summary>
    /// <param name="Weights">SHA-256 of weights and buffers.</param>
    /// <param name="History">SHA-256 of the history without its times.</param>
    /// <param name="ResumedFrom">The step that it went on from, or <c>never</c>.</param>
    /// <param name="Warnings">What it warned of, besides that the disk is slow, which it may be.</param>
    /// <param name="Report">What its report says of the run: curves, predictions and worst examples, but not its time and how it was started.</param>
    public sealed record Ending(string Weights, string History, string Report, string ResumedFrom, IReadOnlyList<string> Warnings);

    /// <summary>Folders of whole checkpoints, in the order of their steps.</summary>
    public IReadOnlyList<string> Checkpoints => [.. Folders().Where(name => !name.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Whether there is a part of a checkpoint.</summary>
    public bool HasPartOfOne => Folders().Any(name => name.EndsWith(".tmp", StringComparison.Ordinal));

    /// <summary>Trains, from the newest checkpoint that there is, to the end.</summary>
    /// <param name="workers">Threads that read batches ahead.</param>
    public async Task<Ending> FinishAsync(int workers = 0)
    {
        var outcome = await DotnetProcess.RunAsync(Assembly, [folder, $"{workers}"]);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.AreEqual("", outcome.Error);
        return new(Values("weights").Single(), Values("history").Single(), Report(), Values("resumed").Single(), [.. Values("warning").Where(warning => !warning.Contains("the disk is slower", StringComparison.Ordinal))]);

        IEnumerable<string> Values(string name) =>
            outcome.Output.Split('\n').Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..].TrimEnd());
    }

    /// <summary>Trains, from the newest checkpoint that there is, until it is killed.</summary>
    /// <param name="kind"><c>step</c>, <c>validation</c> or <c>writing</c>.</param>
    /// <param name="step">The step from which on that happens.</param>
    /// <param name="workers">Threads that read batches ahead.</param>
    public async Task KillAsync(string kind, int step, int workers = 0)
    {
        var outcome = await DotnetProcess.KillAtAsync(Assembly, [folder, $"{workers}", kind, $"{step}"], "here");
        Assert.AreEqual("", outcome.Error);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Report()
    {
        var html = File.ReadAllText(Path.Combine(folder, "report.html"));
        return html[html.IndexOf("<h2>Curves</h2>", StringComparison.Ordinal)..html.IndexOf("<h2>Network</h2>", StringComparison.Ordinal)];
    }

    private string[] Folders() => Directory.GetDirectories(folder);
}
