using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace MlComponents.Hosting.Tests;

/// <summary>The sample <c>TrainingService</c> in a process of its own, in a folder of its own with tiny MNIST files, which is removed at the end.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    // A net under a process that hangs, and no statement about its speed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly StringBuilder text = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> waiting = [];
    private readonly Process process;

    public ServiceProcess(int rows, params string[] arguments)
    {
        TinyDigits.Write(Path.Combine(Folder, "digits"), rows);
        string[] command = [DotnetProcess.Dotnet, "exec", DotnetProcess.ProgramOf("TrainingService", area: "samples"), .. arguments];
        // A shell starts what is in its background with Ctrl+C ignored, which a test of Ctrl+C must not inherit.
        if (OperatingSystem.IsLinux())
            command = ["env", "--default-signal=INT", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("training-service-").FullName;

    public string Text
    {
        get
        {
            lock (text)
                return text.ToString();
        }
    }

    public string[] Models => Directory.GetFiles(Folder, "model.zip", SearchOption.AllDirectories);

    /// <summary>Waits until the process has written a text.</summary>
    public async Task SeesAsync(string part)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (text)
        {
            if (text.ToString().Contains(part, StringComparison.Ordinal))
                seen.SetResult();
            else
                waiting.Add((part, seen));
        }
        await WithinAsync(Limit, seen.Task, $"'{part}'");
    }

    /// <summary>Sends a signal; <see cref="Interrupt"/> is what Ctrl+C sends.</summary>
    public void Send(int signal) => Assert.AreEqual(0, Kill(process.Id, signal));

    /// <summary>Waits for the end of the process.</summary>
    /// <param name="limit">How long it may take; null: no statement about its speed.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndsAsync(TimeSpan? limit = null)
    {
        await WithinAsync(limit ?? Limit, process.WaitForExitAsync(), "its end");
        return process.ExitCode;
    }

    public void Dispose()
    {
        Stop();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task WithinAsync(TimeSpan limit, Task task, string what)
    {
        try
        {
            await task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            Stop();
            Assert.Fail($"The process ran for {limit} without {what}. So far:\n{Text}");
        }
    }

    private void Stop()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    private void Read(string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
            var all = text.ToString();
            foreach (var (part, seen) in waiting)
                if (line is null)
                    seen.TrySetException(new EndOfStreamException($"The process ended without '{part}':\n{all}"));
                else if (all.Contains(part, StringComparison.Ordinal))
                    seen.TrySetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
