using System.Diagnostics;

namespace MlComponents.MLNet.Tests.Streaming;

/// <summary>A file system of one megabyte in memory, mounted on a folder.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Mounts one.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <returns>Null where this process may not.</returns>
    public static SmallDisk? TryMount(string folder) => OperatingSystem.IsLinux() && Succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "mlcomponents-tests", folder) ? new(folder) : null;

    public void Dispose()
    {
        if (Succeeds("umount", Folder))
            return;
        Succeeds("umount", "--lazy", Folder);   // it goes when it is no more used
        Assert.Fail($"Something still uses {Folder}.");
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>Skips a test where no <see cref="SmallDisk"/> can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresSmallDiskAttribute : ConditionBaseAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("mlnet-small-disk-");
        try
        {
            using var disk = SmallDisk.TryMount(folder.FullName);
            return disk is not null;
        }
        finally
        {
            folder.Delete();
        }
    });

    public RequiresSmallDiskAttribute() : base(ConditionMode.Include) => IgnoreMessage = "mounts a small file system, which takes Linux and root";

    public override string GroupName => nameof(RequiresSmallDiskAttribute);

    public override bool IsConditionMet => CanMount.Value;
}
