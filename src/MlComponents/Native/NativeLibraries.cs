using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace MlComponents;

/// <summary>Lets TorchSharp's native library load on older Linux systems too, and says clearly what is missing otherwise.</summary>
/// <remarks>Nothing here runs where the library loads in the ordinary way.</remarks>
public static class NativeLibraries
{
    private static int registered;

    /// <summary>Stands by for a failed load of TorchSharp's native library. Calling it again does nothing.</summary>
    /// <remarks>
    /// It loads nothing by itself. Loading this assembly calls it, and so does a module initializer which the package adds to C#
    /// applications, so that one whose first line is TorchSharp's own is covered too. An application in another language calls it
    /// before its first use of TorchSharp.
    /// </remarks>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public static void Register()
    {
        if (Interlocked.Exchange(ref registered, 1) == 0)
            AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += OnLoadFailed;
    }

    /// <summary>Loads TorchSharp's native library now, e.g. before work that would be lost when it fails later.</summary>
    /// <exception cref="DllNotFoundException">It did not load; the message says what was looked for, where, and what to do.</exception>
    public static void EnsureLoaded()
    {
        Register();
        NativeLibrary.Load(TorchLibrary.Name, typeof(torch).Assembly, searchPath: null);
    }

    private static nint OnLoadFailed(Assembly assembly, string name)
    {
        if (name != TorchLibrary.Name)
            return 0;

        try
        {
            return TorchLibrary.Load();
        }
        catch (DllNotFoundException) when (IsProbe() && !NativeFolders.OfThisProcess.InPackageFolder)
        {
            // TorchSharp first probes, swallows what we say, copies 460 MB of libtorch beside the application if it finds them in the
            // package cache, and reports something else. Any handle ends the probe; the first real call comes here again and throws.
            return NativeLibrary.GetMainProgramHandle();
        }
    }

    // The private method of TorchSharp.torch that loads by trying.
    private static bool IsProbe() =>
        new StackTrace().GetFrames().Any(frame => DiagnosticMethodInfo.Create(frame)?.Name == "TryLoadNativeLibraryByName");
}
