using System.Diagnostics;

namespace MlComponents;

/// <summary>What a user is told when TorchSharp's native part does not load: what was looked for, where, and what to do.</summary>
internal static class TorchLoadError
{
    /// <summary>TorchSharp's own native library is nowhere.</summary>
    public static DllNotFoundException NoLibrary(string fileName, NativeFolders folders) => new(
        $"""
        TorchSharp's native library {fileName} was not found for {folders.Rid}.
        {LookedIn(folders)}
        It comes with the package TorchSharp {TorchVersions.TorchSharp}: deploy the application's whole output folder, 'runtimes'
        included, or publish it for the platform it runs on (dotnet publish -r {folders.Rid}).
        {Backends(folders)}
        """);

    /// <summary>TorchSharp's own library is there, libtorch isn't.</summary>
    public static DllNotFoundException NoBackend(string path, string fileName, NativeFolders folders, Exception reason) => new(
        $"""
        libtorch, which TorchSharp computes with, was not found: {path} needs {fileName}.
        {LookedIn(folders)}
        {Backends(folders)}
        The system's loader said: {LoadersWords(reason)}
        """, reason);

    /// <summary>All files are there, but the system's loader did not take them.</summary>
    public static DllNotFoundException Refused(string path, string libtorch, NativeFolders folders, Exception reason) => new(
        $"""
        TorchSharp's native library was found and could not be loaded: {path}, with {libtorch}.
        The system's loader said: {LoadersWords(reason)}
        {Advice(libtorch)}
        {Backends(folders)}
        """, reason);

    private static string LookedIn(NativeFolders folders) =>
        "Looked in:" + string.Concat(folders.InOrder.Select(folder => $"{Environment.NewLine}  {folder}"));

    private static string Backends(NativeFolders folders) =>
        $"The application needs one backend package: libtorch-cpu-{folders.Rid} {TorchVersions.Libtorch}"
        + (folders.Rid.Split('-')[0] switch
        {
            "linux" => $", or TorchSharp-cuda-linux {TorchVersions.TorchSharp} for an NVIDIA GPU.",
            "win" => $", or TorchSharp-cuda-windows {TorchVersions.TorchSharp} for an NVIDIA GPU.",
            _ => ".",
        });

    private static string Advice(string libtorch) => OtherLibtorch(libtorch) is { } other
        ? $"This process has loaded another libtorch already, {other}. Call NativeLibraries.EnsureLoaded() before TorchSharp's first "
            + "use, so that the application's own comes first, or take the other one out of the system's search path."
        : $"Install what it misses; if that is a part of libtorch, the files beside {Path.GetFileName(libtorch)} are incomplete or of "
            + "another version.";

    // TorchSharp asks for torch_cpu by its bare name first, and a system may have a libtorch of another version, as Debian's libtorch-dev.
    private static string? OtherLibtorch(string libtorch)
    {
        var own = Path.Combine(Path.GetDirectoryName(libtorch)!, TorchLibrary.FileNameOf("torch_cpu"));
        own = File.Exists(own) ? File.ResolveLinkTarget(own, returnFinalTarget: true)?.FullName ?? own : own;

        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(module => module.FileName).FirstOrDefault(path =>
            path != own && Path.GetFileName(path).StartsWith(TorchLibrary.FileNameOf("torch_cpu"), StringComparison.Ordinal));
    }

    // The runtime puts general advice in lines before the loader's own words.
    private static string LoadersWords(Exception reason)
    {
        var lines = reason.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(Environment.NewLine + "  ", reason is DllNotFoundException && lines.Length > 1 ? lines[1..] : lines);
    }
}
