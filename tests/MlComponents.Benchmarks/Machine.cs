using System.Runtime.InteropServices;

namespace MlComponents.Benchmarks;

/// <summary>Where the numbers come from.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{Processor.Name}, {Environment.ProcessorCount} cores, {get_num_threads()} threads used; {RuntimeInformation.OSDescription}; "
        + $"{RuntimeInformation.FrameworkDescription}; TorchSharp {typeof(torch).Assembly.GetName().Version}, libtorch {__version__}";
}
