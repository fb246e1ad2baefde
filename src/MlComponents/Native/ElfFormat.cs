namespace MlComponents;

// The records of an ELF file in the order they have on disk (System V ABI and Linux Standard Base, 64 bit), so that each can be
// read as one value. Every field is named although few are used: the names are what keeps the offsets right.

/// <summary>The first 64 bytes of an ELF file.</summary>
internal readonly record struct ElfHeader(
    uint Magic, byte Class, byte Endianness, byte IdentVersion, byte Abi, ulong Padding,
    ushort Type, ushort Machine, uint Version, ulong Entry, ulong ProgramTable, ulong SectionTable, uint Flags,
    ushort HeaderSize, ushort ProgramSize, ushort ProgramCount, ushort SectionSize, ushort SectionCount, ushort SectionNames)
{
    /// <summary><c>\x7fELF</c>, read as a little-endian number.</summary>
    public const uint ElfMagic = 0x464c457f;

    /// <summary><see cref="Class"/> of a 64-bit file.</summary>
    public const byte Class64 = 2;

    /// <summary><see cref="Endianness"/> of a little-endian file.</summary>
    public const byte LittleEndian = 1;

    /// <summary><see cref="Type"/> of a shared library.</summary>
    public const ushort SharedLibrary = 3;

    /// <summary><see cref="Machine"/> of x86-64.</summary>
    public const ushort MachineX64 = 62;
}

/// <summary>Where a section lies in the file, and which other section it refers to.</summary>
internal readonly record struct ElfSection(
    uint Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, uint Link, uint Info, ulong Alignment, ulong EntrySize)
{
    /// <summary><see cref="Type"/> of the symbols that the dynamic loader sees; <see cref="Link"/> is the section of their names.</summary>
    public const uint DynamicSymbols = 11;

    /// <summary><see cref="Type"/> of the table with one version index for each dynamic symbol.</summary>
    public const uint SymbolVersions = 0x6fffffff;

    /// <summary><see cref="Type"/> of the versions needed from other libraries; <see cref="Info"/> counts the libraries.</summary>
    public const uint VersionNeeds = 0x6ffffffe;
}

/// <summary>A dynamic symbol. The upper four bits of <see cref="Info"/> are its binding.</summary>
internal readonly record struct ElfSymbol(uint Name, byte Info, byte Other, ushort Section, ulong Value, ulong Size)
{
    /// <summary>The binding of a symbol that need not exist.</summary>
    public const byte WeakBinding = 2;

    /// <summary>The same symbol with the binding <see cref="WeakBinding"/>.</summary>
    public ElfSymbol AsWeak() => this with { Info = (byte)(WeakBinding << 4 | Info & 0x0f) };
}

/// <summary>One library of which versions are needed; the versions and the next library lie at distances from this record.</summary>
internal readonly record struct ElfNeededLibrary(ushort Version, ushort VersionCount, uint Name, uint FirstVersion, uint Next);

/// <summary>One needed version.</summary>
internal readonly record struct ElfNeededVersion(uint Hash, ushort Flags, ushort Index, uint Name, uint Next)
{
    /// <summary>The flag of a version that need not exist.</summary>
    public const ushort WeakFlag = 2;
}
