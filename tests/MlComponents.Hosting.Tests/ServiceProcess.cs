using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace MlComponents.Hosting.Tests;

/// <summary>The sample <c>TrainingService</c> in a process of its own, in a folder of its own with tiny MNIST files, which is removed at the end.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private const string Name = "TrainingService";
    private const int Interrupt = 2;

    // bin/<configuration>/<framework> below this project's folder; the sample is built in the same configuration.
    private static readonly DirectoryInfo Output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private readonly StringBuilder text = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> waiting = [];
    private readonly Process process;

    public ServiceProcess(int rows, params string[] arguments)
    {
        TinyDigits.Write(Path.Combine(Folder, "digits"), rows);
        var assembly = Path.GetFullPath(Path.Combine(Output.FullName, "..", "..", "..", "..", "..", "samples", Name, "bin", Output.Parent!.Name, Output.Name, $"{Name}.dll"));
        var start = new ProcessStartInfo(Dotnet, ["exec", assembly, .. arguments])
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
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
    public Task SeesAsync(string part)
    {
        lock (text)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (text.ToString().Contains(part, StringComparison.Ordinal))
                seen.SetResult();
            else
                waiting.Add((part, seen));
            return seen.Task;
        }
    }

    /// <summary>Presses Ctrl+C.</summary>
    public void PressControlC() => Assert.AreEqual(0, Kill(process.Id, Interrupt));

    /// <summary>Waits for the end of the process.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndsAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
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

    // The runtime is in <dotnet>/shared/Microsoft.NETCore.App/<version>.
    private static string Dotnet => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
