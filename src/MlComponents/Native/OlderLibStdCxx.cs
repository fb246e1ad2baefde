namespace MlComponents;

/// <summary>Makes TorchSharp's native library loadable where libstdc++ is older than GCC 13's, as on Debian 12 and Ubuntu 22.04.</summary>
/// <remarks>
/// The library needs <c>GLIBCXX_3.4.32</c> for one symbol only: an anchor that says that the standard streams are set up by libstdc++
/// itself. It is never called and nothing in the library refers to its address. A copy in memory in which that need is optional
/// loads on an older system; no file is written or changed.
/// </remarks>
internal static class OlderLibStdCxx
{
    /// <summary>The version of libstdc++'s interface that came with GCC 13.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary><c>std::ios_base_library_init()</c>, whose body is empty.</summary>
    public const string Anchor = "_ZSt21ios_base_library_initv";

    /// <summary>True if a library was refused because this system's libstdc++ is older than the library's.</summary>
    public static bool Explains(DllNotFoundException refusal) =>
        OperatingSystem.IsLinux() && refusal.Message.Contains(Version, StringComparison.Ordinal);

    /// <summary>Loads a copy of <paramref name="path"/> that does without <see cref="Version"/>.</summary>
    /// <exception cref="DllNotFoundException">It needs more of that version than the anchor, or something else is missing.</exception>
    /// <exception cref="BadImageFormatException">The file isn't an x86-64 Linux library.</exception>
    public static nint Load(string path) => MemoryLibrary.Load(Adapt(File.ReadAllBytes(path), path), Path.GetFileName(path));

    /// <summary>Makes the need of <see cref="Version"/> optional, in place.</summary>
    internal static byte[] Adapt(byte[] library, string path)
    {
        var image = new ElfImage(library, path);

        // Anything else of that version would be called, and would not be there.
        if (image.SymbolsOf(Version).Where(symbol => symbol != Anchor).ToArray() is { Length: > 0 } others)
            throw new DllNotFoundException(
                $"'{path}' uses {string.Join(", ", others)} of {Version}, which this system's libstdc++ lacks. "
                + "Use a system with GCC 13's libstdc++ or a newer one, such as Debian 13 or Ubuntu 24.04.");

        image.WeakenVersion(Version);
        image.WeakenSymbol(Anchor);
        return library;
    }
}
