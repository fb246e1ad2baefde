namespace MlComponents;

/// <summary>What a user is told when TorchSharp's native part does not load: what was looked for, where, and what to do.</summary>
internal static class TorchLoadError
{
    /// <summary>TorchSharp's own native library is nowhere.</summary>
    public static DllNotFoundException NoLibrary(string fileName, NativeFolders folders) => new(
        $"""
        TorchSharp's native library {fileName} was not found for {folders.Rid}.
        {LookedIn(folders)}
        It comes with the package TorchSharp {TorchVersions.TorchSharp}: deploy the application's whole output folder, 'runtimes' included, or
        publish it for the platform it runs on (dotnet publish -r {folders.Rid}).
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
        Install what it misses; if it misses a part of libtorch, the files beside {Path.GetFileName(libtorch)} are incomplete or of another version.
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

    // The runtime puts general advice in lines before the loader's own words.
    private static string LoadersWords(Exception reason)
    {
        var lines = reason.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(Environment.NewLine + "  ", reason is DllNotFoundException && lines.Length > 1 ? lines[1..] : lines);
    }
}
