using System.Diagnostics;

namespace MlComponents.Reporting.Tests;

/// <summary>A disk in memory with little room, which is gone at the end.</summary>
internal sealed class SmallDisk : IDisposable
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

    /// <summary>Unmounts it, whatever still holds a file there.</summary>
    public void Dispose()
    {
        Assert.IsTrue(Succeeds("umount", "--lazy", Folder));
        place.Delete();
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>Skips a test where no small disk can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresSmallDiskAttribute : ConditionBaseAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return false;
        try
        {
            SmallDisk.Of(kilobytes: 4).Dispose();
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public RequiresSmallDiskAttribute() : base(ConditionMode.Include) => IgnoreMessage = "needs root on Linux, who may mount a small disk in memory";

    public override string GroupName => nameof(RequiresSmallDiskAttribute);

    public override bool IsConditionMet => CanMount.Value;
}
