using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MlComponents;

internal static class ModuleInitializer
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp's library must be found before any type of ours uses a tensor; it only adds an event handler.")]
    internal static void Run() => NativeLibraries.Register();
}
