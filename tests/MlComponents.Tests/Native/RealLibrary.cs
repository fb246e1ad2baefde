using System.Runtime.InteropServices;

namespace MlComponents.Tests.Native;

/// <summary>TorchSharp's own native library for Linux, as it lies in the tests' output.</summary>
internal static class RealLibrary
{
    private const uint Relocations = 4;

    public static string Path => NativeFolders.OfThisProcess.Find("libLibTorchSharp.so")!;

    /// <summary>The indices of the symbols that the dynamic loader looks up: those to which a relocation refers.</summary>
    public static HashSet<int> RelocatedSymbols(byte[] bytes) =>
        [.. Sections(bytes).Where(section => section.Type == Relocations)
            .SelectMany(section => Table<Relocation>(bytes, section)).Select(relocation => (int)(relocation.Info >> 32))];

    /// <summary>The anchor's index; a name in the table of names is found by its own position there.</summary>
    public static int IndexOfAnchor(byte[] bytes)
    {
        var symbols = Sections(bytes).Single(section => section.Type == ElfSection.DynamicSymbols);
        var names = Sections(bytes)[symbols.Link];
        var position = bytes.AsSpan((int)names.Offset, (int)names.Size).IndexOf("_ZSt21ios_base_library_initv\0"u8);

        return Array.FindIndex(Table<ElfSymbol>(bytes, symbols), symbol => symbol.Name == position);
    }

    private static ElfSection[] Sections(byte[] bytes)
    {
        var header = MemoryMarshal.Read<ElfHeader>(bytes);
        return MemoryMarshal.Cast<byte, ElfSection>(bytes.AsSpan((int)header.SectionTable))[..header.SectionCount].ToArray();
    }

    private static T[] Table<T>(byte[] bytes, ElfSection section) where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(bytes.AsSpan((int)section.Offset, (int)section.Size)).ToArray();

    private readonly record struct Relocation(ulong Offset, ulong Info, long Addend);
}
