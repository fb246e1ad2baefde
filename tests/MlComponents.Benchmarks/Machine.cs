using System.Runtime.InteropServices;

namespace MlComponents.Benchmarks;

/// <summary>Where the numbers come from.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{CpuModel()}, {Environment.ProcessorCount} cores, {get_num_threads()} threads used; {RuntimeInformation.OSDescription}; "
        + $"{RuntimeInformation.FrameworkDescription}; TorchSharp {typeof(torch).Assembly.GetName().Version}, libtorch {__version__}";

    private static string CpuModel() =>
        OperatingSystem.IsLinux() && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
