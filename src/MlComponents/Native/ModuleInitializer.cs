using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MlComponents;

internal static class ModuleInitializer
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Must precede any tensor of ours; only adds an event handler.")]
    internal static void Run() => NativeLibraries.Register();
}
