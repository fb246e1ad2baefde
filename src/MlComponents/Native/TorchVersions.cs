using System.Reflection;

namespace MlComponents;

/// <summary>The versions that this library was built with, as its build file names them.</summary>
internal static class TorchVersions
{
    /// <summary>The version of the packages <c>TorchSharp</c> and <c>TorchSharp-cuda-…</c>.</summary>
    public static string TorchSharp { get; } = Read("TorchSharpVersion");

    /// <summary>The version of the packages <c>libtorch-…</c>.</summary>
    public static string Libtorch { get; } = Read("LibtorchVersion");

    private static string Read(string key) =>
        typeof(TorchVersions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == key).Value!;
}
