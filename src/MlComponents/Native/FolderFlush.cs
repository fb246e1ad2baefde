using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MlComponents;

/// <summary>Brings the names in a folder to the disk: a file that is flushed but whose name isn't is lost with the power.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder; Windows keeps names by itself, so there nothing is done.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void ToDisk(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = new SafeFileHandle(Open(folder, ReadOnly), ownsHandle: true);   // .NET itself opens no folders
        if (handle.IsInvalid)
            throw new IOException($"The folder {folder} can't be flushed to the disk: {Marshal.GetLastPInvokeErrorMessage()}.");
        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
