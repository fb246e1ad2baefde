using System.Diagnostics;

namespace MlComponents.Samples.Tests;

/// <summary>Runs the sample as a user does: a process of its own.</summary>
internal static class SampleProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>What a finished process left.</summary>
    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public string LastLine => Output.TrimEnd().Split('\n')[^1];
    }

    public static Result Run(params string[] args)
    {
        using var process = Start(args);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        return Finish(process, output, error.Result);
    }

    /// <summary>Runs it, and sends a signal when a line on standard error starts with a text.</summary>
    public static Result RunAndSignal(string lineStart, string signal, params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            error.Add(line);
            if (line.StartsWith(lineStart, StringComparison.Ordinal))
                Process.Start("kill", ["-s", signal, $"{process.Id}"]).WaitForExit();
        }
        return Finish(process, output.Result, string.Join('\n', error));
    }

    private static Process Start(string[] args)
    {
        var sample = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "DigitRecognition.exe" : "DigitRecognition");
        return Process.Start(new ProcessStartInfo(sample, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static Result Finish(Process process, string output, string error)
    {
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The sample ran for more than {Limit}.");
        }
        return new Result(process.ExitCode, output, error);
    }
}
