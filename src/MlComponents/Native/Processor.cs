using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>The processor of this machine.</summary>
internal static class Processor
{
    /// <summary>Its model as the system calls it, or where that isn't known its architecture.</summary>
    public static string Name { get; } =
        OperatingSystem.IsLinux() && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
