using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MlComponents;

/// <summary>Loads a Linux shared library from memory.</summary>
/// <remarks>
/// The bytes become an anonymous file (<c>memfd_create</c>), which has no name in any folder: nobody else can open or exchange it, two
/// processes never meet, a read-only or <c>noexec</c> temporary folder doesn't matter, and it is gone with the process however that ends.
/// </remarks>
internal static partial class MemoryLibrary
{
    private const uint CloseOnExec = 1;

    /// <param name="image">The library's bytes. The libraries that it needs must be loaded already or lie in the system's folders.</param>
    /// <param name="name">What debuggers and <c>/proc</c> call it.</param>
    /// <exception cref="DllNotFoundException">The system refused the file or the library; the message says why.</exception>
    public static nint Load(ReadOnlySpan<byte> image, string name)
    {
        var descriptor = MemfdCreate(name, CloseOnExec);
        if (descriptor < 0)
            throw new DllNotFoundException($"No memory file for '{name}' could be made: {Marshal.GetLastPInvokeErrorMessage()}.");

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            RandomAccess.Write(file, image, fileOffset: 0);
            var library = NativeLibrary.Load($"/proc/self/fd/{descriptor}");

            // The loader knows a library by its path. Were the number free again, the next memory file could be taken for this one,
            // so the descriptor stays open for the life of the process.
            file.SetHandleAsInvalid();
            return library;
        }
        finally
        {
            file.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);
}
