using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>Finds and loads the native part of TorchSharp where the runtime's own search found nothing that loads.</summary>
internal static class TorchLibrary
{
    /// <summary>The name by which TorchSharp imports its native functions.</summary>
    public const string Name = "LibTorchSharp";

    private static readonly Lock Gate = new();
    private static nint loaded;

    /// <summary>The library's handle. It is loaded once and never unloaded.</summary>
    /// <exception cref="DllNotFoundException">It did not load; the message says what was looked for, where, and what to do.</exception>
    public static nint Load()
    {
        lock (Gate)
            return loaded != 0 ? loaded : loaded = Load(NativeFolders.OfThisProcess);
    }

    /// <inheritdoc cref="Load()"/>
    internal static nint Load(NativeFolders folders)
    {
        var path = folders.Find(FileNameOf(Name)) ?? throw TorchLoadError.NoLibrary(FileNameOf(Name), folders);
        var libtorch = folders.Find(FileNameOf("torch"));

        try
        {
            // It may lie in another folder than the library that needs it, or the library be loaded from memory, without a folder.
            if (libtorch is not null)
                NativeLibrary.Load(libtorch);

            return LoadOrAdapt(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw libtorch is null
                ? TorchLoadError.NoBackend(path, FileNameOf("torch"), folders, e)
                : TorchLoadError.Refused(path, libtorch, folders, e);
        }
    }

    /// <summary>The file name that a library has on this system.</summary>
    internal static string FileNameOf(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static nint LoadOrAdapt(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e) when (OlderLibStdCxx.Explains(e))
        {
            return OlderLibStdCxx.Load(path);
        }
    }
}
