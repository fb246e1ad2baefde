using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlComponents.TestKit;

/// <summary>Runs .NET programs in processes of their own.</summary>
public static class DotnetProcess
{
    /// <summary>The program <c>dotnet</c> that runs this process: the runtime is in its folder's shared/Microsoft.NETCore.App/version.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    // bin/<configuration>/<framework> below the project's folder, which lies in a folder of the repository's.
    private static readonly DirectoryInfo Output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>The folder in which a project's output is, of the same configuration and framework as this process's.</summary>
    /// <param name="name">Name of the project.</param>
    /// <param name="area">The repository's folder in which it lies.</param>
    public static string OutputOf(string name, string area = "tests") =>
        Path.GetFullPath(Path.Combine(Output.FullName, "..", "..", "..", "..", "..", area, name, "bin", Output.Parent!.Name, Output.Name));

    /// <summary>The program of a project in <see cref="OutputOf"/>.</summary>
    /// <param name="name">Name of the project.</param>
    /// <param name="area">The repository's folder in which it lies.</param>
    public static string ProgramOf(string name, string area = "tests") => Path.Combine(OutputOf(name, area), $"{name}.dll");

    /// <summary>Runs a program to its end, and fails where it hangs.</summary>
    /// <param name="assembly">Path of its dll.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets besides this process's.</param>
    public static Task<ChildProcess.Outcome> RunAsync(string assembly, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = Start(assembly, arguments);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return ChildProcess.RunAsync(start);
    }

    /// <summary>Runs a program until it writes a line, and kills it there.</summary>
    /// <param name="assembly">Path of its dll.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="line">The line; see <see cref="ChildProcess.KillAtAsync"/>.</param>
    public static Task<ChildProcess.Outcome> KillAtAsync(string assembly, IEnumerable<string> arguments, string line) =>
        ChildProcess.KillAtAsync(Start(assembly, arguments), line);

    private static ProcessStartInfo Start(string assembly, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Dotnet, ["exec", assembly, .. arguments]);
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return start;
    }
}
