using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlComponents.TestKit;

/// <summary>Runs .NET programs in processes of their own.</summary>
public static class DotnetProcess
{
    // A net under a process that hangs, and no statement about its speed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The program <c>dotnet</c> that runs this process: the runtime is in its folder's shared/Microsoft.NETCore.App/version.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>What a finished process left.</summary>
    public sealed record Outcome(int ExitCode, string Output, string Error);

    /// <summary>Runs a program to its end, and fails where it hangs.</summary>
    /// <param name="assembly">Path of its dll.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="temporary">Its folder for temporary files; null: the system's.</param>
    public static async Task<Outcome> RunAsync(string assembly, IEnumerable<string> arguments, string? temporary = null)
    {
        var start = new ProcessStartInfo(Dotnet, ["exec", assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
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
}
