using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>The folders in which TorchSharp's native libraries lie, in the layouts that builds and deployments have.</summary>
/// <param name="BaseDirectory">The application's folder.</param>
/// <param name="RuntimeFolders">The runtime's own list (<c>NATIVE_DLL_SEARCH_DIRECTORIES</c>), or null.</param>
/// <param name="TorchSharpFolder">Where TorchSharp.dll was loaded from, or null in a single-file application.</param>
/// <param name="Rid">The platform as packages name it, e.g. <c>linux-x64</c>.</param>
internal sealed record NativeFolders(string BaseDirectory, string? RuntimeFolders, string? TorchSharpFolder, string Rid)
{
    /// <summary>The folders of this process.</summary>
    public static NativeFolders OfThisProcess { get; } = new(
        AppContext.BaseDirectory,
        AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string,
        Path.GetDirectoryName(typeof(torch).Assembly.Location) is { Length: > 0 } folder ? folder : null,
        $"{SystemName}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}");

    /// <summary>True if TorchSharp.dll is used from where NuGet unpacked it, as notebooks and script runners do.</summary>
    public bool InPackageFolder => PackageRoot is not null;

    /// <summary>Every folder to look in, the likeliest first, none twice, whether it exists or not.</summary>
    public IReadOnlyList<string> InOrder =>
        [.. All().Select(Path.GetFullPath).Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal)];

    private static string SystemName => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    private string NativeSubfolder => Path.Combine("runtimes", Rid, "native");

    // <packages>/torchsharp/<version>/lib/<framework>
    private DirectoryInfo? PackageRoot =>
        TorchSharpFolder is not null && new DirectoryInfo(TorchSharpFolder).Parent is { Name: "lib", Parent: { } root }
            && "torchsharp".Equals(root.Parent?.Name, StringComparison.OrdinalIgnoreCase)
            ? root : null;

    /// <summary>The path of the first file of that name, or null.</summary>
    public string? Find(string fileName) =>
        InOrder.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);

    private IEnumerable<string> All()
    {
        foreach (var folder in (RuntimeFolders ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;

        yield return BaseDirectory;                                      // published for one platform
        yield return Path.Combine(BaseDirectory, NativeSubfolder);       // built or published for all

        if (TorchSharpFolder is not null)                                // a plug-in with a folder of its own
        {
            yield return TorchSharpFolder;
            yield return Path.Combine(TorchSharpFolder, NativeSubfolder);
        }

        if (PackageRoot is { } package)
        {
            yield return Path.Combine(package.FullName, NativeSubfolder);
            yield return Path.Combine(package.Parent!.Parent!.FullName, $"libtorch-cpu-{Rid}", TorchVersions.Libtorch, NativeSubfolder);
        }
    }
}
