namespace MlComponents.Tests.Native;

/// <summary>Starts the application <c>MlComponents.LoadProbe</c>, whose first line is TorchSharp's own, in a process of its own.</summary>
internal static class LoadProbe
{
    private const string Name = "MlComponents.LoadProbe";

    /// <summary>Its output folder, of the same configuration and framework as the tests'.</summary>
    public static string Folder { get; } = DotnetProcess.OutputOf(Name);

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
    public static Task<ChildProcess.Outcome> RunAsync(string folder, string? temporary = null, params string[] arguments) =>
        DotnetProcess.RunAsync(Path.Combine(folder, $"{Name}.dll"), arguments, temporary is null ? [] : [("TMPDIR", temporary)]);
}
