using System.Diagnostics;
using System.Text;

namespace MlComponents.Samples.Tests;

/// <summary>Runs a sample as a user does: a process of its own.</summary>
internal sealed class SampleProcess : IDisposable
{
    private const string DigitRecognition = "DigitRecognition";

    // A net under a process that hangs, and no statement about its speed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();
    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? lineStart;
    private readonly Process process;

    private SampleProcess(string name, string[] args, string? lineStart, string folder = "")
    {
        this.lineStart = lineStart;
        var sample = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? $"{name}.exe" : name);
        // A shell starts what is in its background with Ctrl+C ignored, which a test of Ctrl+C must not inherit.
        var start = OperatingSystem.IsLinux() && lineStart is not null
            ? new ProcessStartInfo("env", ["--default-signal=INT", sample, .. args])
            : new ProcessStartInfo(sample, args);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, folder);
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Read(output, e.Data);
        process.ErrorDataReceived += (_, e) => Read(error, e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What a finished process left.</summary>
    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public string LastLine => Output.TrimEnd().Split('\n')[^1];
    }

    public static Result Run(params string[] args) => RunOf(DigitRecognition, args);

    /// <summary>Runs another sample.</summary>
    public static Result RunOf(string name, params string[] args)
    {
        using var sample = new SampleProcess(name, args, lineStart: null);
        return sample.Finish(Limit);
    }

    /// <summary>Runs it in a folder.</summary>
    public static Result RunIn(string folder, params string[] args)
    {
        using var sample = new SampleProcess(DigitRecognition, args, lineStart: null, folder);
        return sample.Finish(Limit);
    }

    /// <summary>Runs it, and sends a signal when a line on standard error starts with a text.</summary>
    /// <param name="lineStart">The text.</param>
    /// <param name="signal">The signal's name without SIG.</param>
    /// <param name="limit">How long it may take after the signal.</param>
    /// <param name="args">Its arguments.</param>
    public static Result RunAndSignal(string lineStart, string signal, TimeSpan limit, params string[] args)
    {
        using var sample = new SampleProcess(DigitRecognition, args, lineStart);
        if (!sample.seen.Task.Wait(Limit))
            sample.Fail($"The sample didn't write '{lineStart}' in {Limit}.");
        using var kill = Process.Start("kill", ["-s", signal, $"{sample.process.Id}"]);
        kill.WaitForExit();
        return sample.Finish(limit);
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    private Result Finish(TimeSpan limit)
    {
        if (!process.WaitForExit(limit))
            Fail($"The sample ran for more than {limit}.");
        process.WaitForExit();   // until all is read
        return new Result(process.ExitCode, Text(output), Text(error));
    }

    private void Fail(string message)
    {
        Kill();
        Assert.Fail($"{message} So far:\n{Text(output)}{Text(error)}");
    }

    private void Kill()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    private void Read(StringBuilder text, string? line)
    {
        if (line is not null)
            lock (text)
                text.Append(line).Append('\n');
        if (line is null ? text == error : lineStart is not null && text == error && line.StartsWith(lineStart, StringComparison.Ordinal))
            seen.TrySetResult();
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
