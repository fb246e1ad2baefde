using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace MlComponents;

/// <summary>The bytes of a Linux x86-64 shared library, seen through the tables by which the dynamic loader binds it to others.</summary>
/// <remarks>Every position that the file names is checked, so a damaged file gives a <see cref="BadImageFormatException"/>.</remarks>
internal sealed class ElfImage
{
    // The top bit of a symbol's version index hides the symbol; the rest is the index.
    private const ushort VersionIndexMask = 0x7fff;

    private readonly byte[] bytes;
    private readonly string fileName;
    private readonly ElfSection symbols;
    private readonly ElfSection names;
    private readonly ElfSection versions;
    private readonly ElfSection needs;

    /// <param name="bytes">The whole file. The methods of this type change it in place.</param>
    /// <param name="fileName">What errors call the file.</param>
    /// <exception cref="BadImageFormatException">The bytes aren't an x86-64 shared library with versioned symbols.</exception>
    public ElfImage(byte[] bytes, string fileName)
    {
        this.bytes = bytes;
        this.fileName = fileName;

        var header = At<ElfHeader>(0, "the file header");
        Require(header.Magic == ElfHeader.ElfMagic, "it does not start with the ELF signature");
        Require(header is { Class: ElfHeader.Class64, Endianness: ElfHeader.LittleEndian }, "it is not a 64-bit little-endian file");
        Require(header.Machine == ElfHeader.MachineX64, $"it is for machine {header.Machine}, not for x86-64 ({ElfHeader.MachineX64})");
        Require(header.Type == ElfHeader.SharedLibrary, $"it is of type {header.Type}, not a shared library ({ElfHeader.SharedLibrary})");
        Require(header.SectionSize == Unsafe.SizeOf<ElfSection>(), $"its section headers have {header.SectionSize} bytes each");

        symbols = Section(header, ElfSection.DynamicSymbols, "dynamic symbols");
        versions = Section(header, ElfSection.SymbolVersions, "symbol versions");
        needs = Section(header, ElfSection.VersionNeeds, "version needs");
        Require(symbols.Link < header.SectionCount, $"its symbol names are in section {symbols.Link} of {header.SectionCount}");
        names = Whole(SectionAt(header, symbols.Link), "symbol names");
    }

    /// <summary>The names of the symbols that are bound to <paramref name="version"/>, e.g. <c>GLIBCXX_3.4.32</c>.</summary>
    public IReadOnlyList<string> SymbolsOf(string version)
    {
        if (FindNeed(version) is not { } need)
            return [];

        var index = At<ElfNeededVersion>(need, "a needed version").Index;
        return [.. SymbolOffsets()
            .Where(symbol => (At<ushort>(VersionOffset(symbol), "a symbol's version") & VersionIndexMask) == index)
            .Select(symbol => NameAt(At<ElfSymbol>(symbol, "a symbol").Name))];
    }

    /// <summary>Lets the library load where <paramref name="symbol"/> does not exist: its address is null there.</summary>
    /// <returns>False if the library has no such dynamic symbol.</returns>
    public bool WeakenSymbol(string symbol)
    {
        foreach (var offset in SymbolOffsets())
        {
            ref var entry = ref At<ElfSymbol>(offset, "a symbol");
            if (NameAt(entry.Name) != symbol)
                continue;

            entry = entry.AsWeak();
            return true;
        }
        return false;
    }

    /// <summary>Lets the library load where the other library lacks <paramref name="version"/>.</summary>
    /// <returns>False if the library doesn't need that version.</returns>
    public bool WeakenVersion(string version)
    {
        if (FindNeed(version) is not { } offset)
            return false;

        ref var need = ref At<ElfNeededVersion>(offset, "a needed version");
        need = need with { Flags = (ushort)(need.Flags | ElfNeededVersion.WeakFlag) };
        return true;
    }

    private ulong? FindNeed(string version)
    {
        foreach (var library in Chain(needs.Offset, needs.Info, offset => At<ElfNeededLibrary>(offset, "a needed library").Next))
        {
            var (_, count, _, first, _) = At<ElfNeededLibrary>(library, "a needed library");
            foreach (var need in Chain(library + first, count, offset => At<ElfNeededVersion>(offset, "a needed version").Next))
                if (NameAt(At<ElfNeededVersion>(need, "a needed version").Name) == version)
                    return need;
        }
        return null;
    }

    // Distances are unsigned and zero ends the chain, so it only ever moves towards the end of the file and must stop.
    private static IEnumerable<ulong> Chain(ulong first, uint count, Func<ulong, uint> distanceToNext)
    {
        var offset = first;
        for (uint i = 0; i < count; i++)
        {
            yield return offset;

            var distance = distanceToNext(offset);
            if (distance == 0)
                yield break;
            offset += distance;
        }
    }

    private IEnumerable<ulong> SymbolOffsets()
    {
        var size = (ulong)Unsafe.SizeOf<ElfSymbol>();
        for (ulong i = 0; i < symbols.Size / size; i++)
            yield return symbols.Offset + i * size;
    }

    private ulong VersionOffset(ulong symbol) =>
        versions.Offset + (symbol - symbols.Offset) / (ulong)Unsafe.SizeOf<ElfSymbol>() * sizeof(ushort);

    private ElfSection Section(ElfHeader header, uint type, string what)
    {
        for (uint i = 0; i < header.SectionCount; i++)
            if (SectionAt(header, i) is var section && section.Type == type)
                return Whole(section, what);

        throw Damaged($"it has no section of {what} (type 0x{type:x})");
    }

    private ElfSection SectionAt(ElfHeader header, uint index) =>
        At<ElfSection>(header.SectionTable + index * (ulong)header.SectionSize, "a section header");

    private ElfSection Whole(ElfSection section, string what)
    {
        Require(IsInside(section.Offset, section.Size),
            $"its {what}, {section.Size} bytes at {section.Offset}, end after its {bytes.Length} bytes");
        return section;
    }

    private string NameAt(uint position)
    {
        var all = bytes.AsSpan((int)names.Offset, (int)names.Size);
        var length = position < names.Size ? all[(int)position..].IndexOf((byte)0) : -1;

        return length >= 0
            ? Encoding.ASCII.GetString(all.Slice((int)position, length))
            : throw Damaged($"no name starts at {position} and ends within its {names.Size} bytes of names");
    }

    private ref T At<T>(ulong offset, string what) where T : unmanaged
    {
        if (!IsInside(offset, (ulong)Unsafe.SizeOf<T>()))
            throw Damaged($"{what} at {offset} lies outside its {bytes.Length} bytes");

        return ref MemoryMarshal.AsRef<T>(bytes.AsSpan((int)offset, Unsafe.SizeOf<T>()));
    }

    private bool IsInside(ulong offset, ulong size) => offset <= (ulong)bytes.Length && size <= (ulong)bytes.Length - offset;

    private void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw Damaged(otherwise);
    }

    private BadImageFormatException Damaged(string reason) =>
        new($"'{fileName}' cannot be read as an x86-64 Linux library: {reason}.", fileName);
}
