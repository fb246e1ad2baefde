using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlComponents.Tests.Native;

/// <summary>Starts the application <c>MlComponents.LoadProbe</c>, whose first line is TorchSharp's own, in a process of its own.</summary>
internal static class LoadProbe
{
    private const string Name = "MlComponents.LoadProbe";

    // A net under a process that hangs, and no statement about its speed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // bin/<configuration>/<framework> below the project's folder, which lies beside this one's.
    private static readonly DirectoryInfo Output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>Its output folder, of the same configuration and framework as the tests'.</summary>
    public static string Folder { get; } =
        Path.GetFullPath(Path.Combine(Output.FullName, "..", "..", "..", "..", Name, "bin", Output.Parent!.Name, Output.Name));

    /// <summary>Copies what is managed, without the list of dependencies: the runtime then looks beside the application only.</summary>
    public static void CopyManaged(string target)
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*.dll").Append(Path.Combine(Folder, $"{Name}.runtimeconfig.json")))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    /// <summary>Puts links to all native libraries into a folder.</summary>
    public static void LinkNatives(string target)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Folder, "runtimes", "linux-x64", "native")))
            File.CreateSymbolicLink(Path.Combine(target, Path.GetFileName(file)), file);
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">The folder of its files.</param>
    /// <param name="temporary">Its folder for temporary files; null: the system's.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<Outcome> RunAsync(string folder, string? temporary = null, params string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet, ["exec", Path.Combine(folder, $"{Name}.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        if (temporary is not null)
            start.Environment["TMPDIR"] = temporary;

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

    // The runtime is in <dotnet>/shared/Microsoft.NETCore.App/<version>.
    private static string Dotnet => Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    internal sealed record Outcome(int ExitCode, string Output, string Error);
}
