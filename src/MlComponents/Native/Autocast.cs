using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>
/// libtorch's autocast, which TorchSharp doesn't have: while it is on, for one kind of device on one thread, matrix products and convolutions of float32 tensors are computed in a narrower type.
/// </summary>
/// <remarks>
/// These are C++ functions of libtorch 2.10 with plain arguments, under the names that GCC and Clang give them. They are looked up in TorchSharp's native library and in what that
/// has loaded, so it is this process's libtorch, whichever folder it came from. Windows has other names, and looks into one file only: there is none there.
/// </remarks>
internal sealed unsafe class Autocast
{
    private const string Namespace = "_ZN2at8autocast";

    private static readonly Lazy<Autocast> Found = new(() => In(NativeLibrary.Load(TorchLibrary.Name, typeof(torch).Assembly, searchPath: null)));

    private readonly delegate* unmanaged<sbyte, byte> isEnabled;
    private readonly delegate* unmanaged<sbyte, byte, void> setEnabled;
    private readonly delegate* unmanaged<sbyte, sbyte> getType;
    private readonly delegate* unmanaged<sbyte, sbyte, void> setType;
    private readonly delegate* unmanaged<void> clearCache;

    private Autocast(nint library)
    {
        isEnabled = (delegate* unmanaged<sbyte, byte>)Find(library, "19is_autocast_enabledEN3c1010DeviceTypeE");
        setEnabled = (delegate* unmanaged<sbyte, byte, void>)Find(library, "20set_autocast_enabledEN3c1010DeviceTypeEb");
        getType = (delegate* unmanaged<sbyte, sbyte>)Find(library, "18get_autocast_dtypeEN3c1010DeviceTypeE");
        setType = (delegate* unmanaged<sbyte, sbyte, void>)Find(library, "18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE");
        clearCache = (delegate* unmanaged<void>)Find(library, "11clear_cacheEv");
    }

    /// <summary>That of the libtorch in this process.</summary>
    /// <exception cref="EntryPointNotFoundException">It has none that can be called from here.</exception>
    public static Autocast OfThisProcess => Found.Value;

    /// <summary>That of a loaded library.</summary>
    /// <param name="library">Its handle.</param>
    /// <exception cref="EntryPointNotFoundException">It has none that can be called from here.</exception>
    internal static Autocast In(nint library) => new(library);

    /// <summary>Turns autocast on for this thread until the scope ends, which puts back what was before.</summary>
    /// <param name="device">Where it holds.</param>
    /// <param name="type">The narrower type, float16 or bfloat16.</param>
    public AutocastScope Enter(DeviceType device, ScalarType type)
    {
        var scope = new AutocastScope(this, device, isEnabled((sbyte)device) != 0, (ScalarType)getType((sbyte)device));
        Set(device, true, type);
        return scope;
    }

    /// <summary>Ends a scope.</summary>
    internal void Restore(DeviceType device, bool wasEnabled, ScalarType type)
    {
        Set(device, wasEnabled, type);
        clearCache();   // the narrow copies of the weights, which change now; the process has one cache, and to miss it costs another thread no more than a copy
    }

    private void Set(DeviceType device, bool enabled, ScalarType type)
    {
        setType((sbyte)device, (sbyte)type);
        setEnabled((sbyte)device, enabled ? (byte)1 : (byte)0);
    }

    private static nint Find(nint library, string function) => NativeLibrary.TryGetExport(library, Namespace + function, out var address)
        ? address
        : throw new EntryPointNotFoundException(
            $"libtorch's autocast can't be reached: its native libraries have no function '{Namespace}{function}', which those of version {TorchVersions.Libtorch} for Linux have.");
}

/// <summary>A time in which <see cref="Autocast"/> is on; the default value changes nothing. It stays on the stack, and so on its thread.</summary>
internal readonly ref struct AutocastScope(Autocast? autocast, DeviceType device, bool wasEnabled, ScalarType type)
{
    /// <summary>Puts back what was before.</summary>
    public void Dispose() => autocast?.Restore(device, wasEnabled, type);
}
