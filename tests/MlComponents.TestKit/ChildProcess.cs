using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlComponents.TestKit;

/// <summary>Runs programs in processes of their own.</summary>
public static class ChildProcess
{
    // A net under a process that hangs, and no statement about its speed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>What a finished process left.</summary>
    public sealed record Outcome(int ExitCode, string Output, string Error);

    /// <summary>Runs a program to its end, and fails where it hangs.</summary>
    /// <param name="start">The program; its output is read.</param>
    public static async Task<Outcome> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, error).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The process ran for more than {Limit}. Its output:\n{await output}{await error}");
        }
        return new Outcome(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a program and kills it, as SIGKILL does, at the moment in which it has written so many lines.</summary>
    /// <param name="start">The program; its output is read.</param>
    /// <param name="lines">How many lines. A program that ends before fails the test.</param>
    /// <returns>Everything that it wrote.</returns>
    public static async Task<IReadOnlyList<string>> KillAfterAsync(ProcessStartInfo start, int lines)
    {
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        List<string> written = [];
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            written.Add(line);
            if (written.Count == lines)
                process.Kill();
        }
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.IsGreaterThanOrEqualTo(lines, written.Count, $"The process ended by itself, with {process.ExitCode}:\n{string.Join('\n', written)}");
        return written;
    }
}
