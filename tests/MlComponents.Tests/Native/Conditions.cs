using System.Runtime.InteropServices;

namespace MlComponents.Tests.Native;

/// <summary>Skips a test elsewhere than on Linux x64.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class RequiresLinuxX64Attribute : ConditionBaseAttribute
{
    public RequiresLinuxX64Attribute() : base(ConditionMode.Include) => IgnoreMessage = "needs Linux on x64";

    public override string GroupName => nameof(RequiresLinuxX64Attribute);

    public override bool IsConditionMet => IsLinuxX64;

    public static bool IsLinuxX64 => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;
}

/// <summary>Skips a test unless this Linux has the libstdc++ that is asked for: older than GCC 13's, or not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresLibStdCxxAttribute : ConditionBaseAttribute
{
    private readonly bool older;

    public RequiresLibStdCxxAttribute(bool older) : base(ConditionMode.Include)
    {
        this.older = older;
        IgnoreMessage = $"needs a Linux on x64 whose libstdc++ {(older ? "lacks" : "has")} {OlderLibStdCxx.Version}";
    }

    public override string GroupName => nameof(RequiresLibStdCxxAttribute);

    public override bool IsConditionMet => RequiresLinuxX64Attribute.IsLinuxX64 && older != HasAnchor();

    private static bool HasAnchor() =>
        NativeLibrary.TryGetExport(NativeLibrary.Load("libstdc++.so.6"), OlderLibStdCxx.Anchor, out _);
}
