using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlComponents.MLNet.Tests;

/// <summary>Starts the application <c>MlComponents.ScoreProbe</c> in a process of its own.</summary>
internal static class ScoreProbeProcess
{
    // A net under a process that hangs, and no statement about its speed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // <dotnet>/shared/Microsoft.NETCore.App/<version>/
    private static string Dotnet =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private static string Program { get; } = Path.Combine(
        AppContext.BaseDirectory.Replace($"{Path.DirectorySeparatorChar}MlComponents.MLNet.Tests{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}MlComponents.ScoreProbe{Path.DirectorySeparatorChar}", StringComparison.Ordinal),
        "MlComponents.ScoreProbe.dll");

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string[] Lines, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet, ["exec", Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
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
        return (process.ExitCode, (await output).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), await error);
    }
}
