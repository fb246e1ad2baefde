using System.Runtime.InteropServices;
using System.Text;

namespace MlComponents.Tests.Native;

/// <summary>A shared library with nothing but imported symbols, each of one version of <c>libtiny.so</c>.</summary>
internal static class TinyLibrary
{
    public static byte[] Of(params (string Symbol, string Version)[] imports)
    {
        var names = new List<byte> { 0 };
        var versions = imports.Select(import => import.Version).Distinct().ToList();
        var (symbols, indices, needs) = (new List<ElfSymbol> { default }, new List<ushort> { 0 }, new List<ElfNeededVersion>());

        foreach (var (symbol, version) in imports)
        {
            symbols.Add(new ElfSymbol(Name(symbol), Info: 0x12, Other: 0, Section: 0, Value: 0, Size: 0));   // global function
            indices.Add((ushort)(2 + versions.IndexOf(version)));
        }
        foreach (var (i, version) in versions.Index())
            needs.Add(new ElfNeededVersion(Hash: 7, Flags: 0, (ushort)(2 + i), Name(version), Next: i + 1 < versions.Count ? 16u : 0));
        var library = new ElfNeededLibrary(Version: 1, (ushort)versions.Count, Name("libtiny.so"), FirstVersion: 16, Next: 0);

        byte[][] contents =
        [
            Bytes(symbols.ToArray()), [.. names], Bytes(indices.ToArray()), [.. Bytes([library]), .. Bytes(needs.ToArray())],
        ];
        uint[] types = [ElfSection.DynamicSymbols, 3, ElfSection.SymbolVersions, ElfSection.VersionNeeds];

        var sections = new List<ElfSection> { default };
        var offset = 64ul;
        foreach (var (i, content) in contents.Index())
        {
            sections.Add(default(ElfSection) with { Type = types[i], Offset = offset, Size = (ulong)content.Length, Link = 2, Info = 1 });
            offset += (ulong)content.Length;
        }
        var header = default(ElfHeader) with
        {
            Magic = ElfHeader.ElfMagic, Class = ElfHeader.Class64, Endianness = ElfHeader.LittleEndian, Type = ElfHeader.SharedLibrary,
            Machine = ElfHeader.MachineX64, SectionTable = offset, SectionSize = 64, SectionCount = (ushort)sections.Count,
        };
        return [.. Bytes([header]), .. contents.SelectMany(content => content), .. Bytes(sections.ToArray())];

        uint Name(string text)
        {
            var position = (uint)names.Count;
            names.AddRange(Encoding.ASCII.GetBytes(text + '\0'));
            return position;
        }
    }

    private static byte[] Bytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
