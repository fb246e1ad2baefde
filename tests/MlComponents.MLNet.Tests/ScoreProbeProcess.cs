namespace MlComponents.MLNet.Tests;

/// <summary>Starts the application <c>MlComponents.ScoreProbe</c> in a process of its own.</summary>
internal static class ScoreProbeProcess
{
    private static string Program { get; } = DotnetProcess.ProgramOf("MlComponents.ScoreProbe");

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string[] Lines, string Error)> RunAsync(params string[] arguments)
    {
        var outcome = await DotnetProcess.RunAsync(Program, arguments);
        return (outcome.ExitCode, outcome.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), outcome.Error);
    }

    /// <summary>Runs it until it writes a line, and kills it there, as SIGKILL does.</summary>
    public static Task<ChildProcess.Outcome> KillAtAsync(string line, params string[] arguments) => DotnetProcess.KillAtAsync(Program, arguments, line);
}
