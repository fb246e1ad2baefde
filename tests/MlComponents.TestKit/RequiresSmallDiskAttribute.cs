using System.ComponentModel;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlComponents.TestKit;

/// <summary>Skips a test where no <see cref="SmallDisk"/> can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresSmallDiskAttribute : ConditionBaseAttribute
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
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Creates the condition.</summary>
    public RequiresSmallDiskAttribute() : base(ConditionMode.Include) => IgnoreMessage = "needs root on Linux, who may mount a small disk in memory";

    /// <inheritdoc/>
    public override string GroupName => nameof(RequiresSmallDiskAttribute);

    /// <inheritdoc/>
    public override bool IsConditionMet => CanMount.Value;
}
