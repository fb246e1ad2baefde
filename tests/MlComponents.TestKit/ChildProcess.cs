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
    public static Task<Outcome> RunAsync(ProcessStartInfo start) => RunAsync(start, (_, output) => output.ReadToEndAsync());

    /// <summary>Runs a program until it writes a line, and kills it there: what SIGKILL does, which no program sees coming. Fails where it hangs or ends by itself.</summary>
    /// <param name="start">The program; its output is read, and its input stays open and empty.</param>
    /// <param name="line">The line of standard output.</param>
    public static async Task<Outcome> KillAtAsync(ProcessStartInfo start, string line)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.RedirectStandardInput = true;
        var wasSeen = false;
        var outcome = await RunAsync(start, async (process, output) =>
        {
            var text = new List<string>();
            while (await output.ReadLineAsync() is { } next)
            {
                text.Add(next);
                if (next != line || wasSeen)
                    continue;
                wasSeen = true;
                process.Kill();
            }
            return string.Join('\n', text);
        });
        Assert.IsTrue(wasSeen, $"The process ended with {outcome.ExitCode} and without '{line}':\n{outcome.Output}{outcome.Error}");
        Assert.AreNotEqual(0, outcome.ExitCode, $"The process ended before it was killed:\n{outcome.Output}{outcome.Error}");
        return outcome;
    }

    private static async Task<Outcome> RunAsync(ProcessStartInfo start, Func<Process, StreamReader, Task<string>> read)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = read(process, process.StandardOutput);
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
