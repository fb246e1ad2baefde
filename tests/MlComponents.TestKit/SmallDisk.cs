using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlComponents.TestKit;

/// <summary>A disk in memory with little room, which is gone at the end.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo place = Directory.CreateTempSubdirectory("small-disk-");

    private SmallDisk() { }

    /// <summary>Its folder.</summary>
    public string Folder => place.FullName;

    /// <summary>Makes one.</summary>
    /// <param name="kilobytes">Its size.</param>
    /// <exception cref="InvalidOperationException">It can't be mounted.</exception>
    public static SmallDisk Of(int kilobytes)
    {
        var disk = new SmallDisk();
        if (Succeeds("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", disk.Folder))
            return disk;
        disk.place.Delete();
        throw new InvalidOperationException("No small disk can be mounted here.");
    }

    /// <summary>Unmounts it, and fails where something still has a file open there.</summary>
    public void Dispose()
    {
        var isUnused = Succeeds("umount", Folder);
        if (!isUnused)
            Succeeds("umount", "--lazy", Folder);   // it goes when it is no more used
        place.Delete();
        Assert.IsTrue(isUnused, $"Something still uses {Folder}.");
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
