using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MlComponents.Build;

/// <summary>
/// Changes accessibility in the metadata tables of an assembly's bytes (ECMA-335 II.22): internal becomes public. What is private stays so, and
/// so do virtual methods: an internal virtual made public could no longer be overridden as it was declared.
/// </summary>
internal static class PublicizedAssembly
{
    public static byte[] From(byte[] assembly)
    {
        var copy = (byte[])assembly.Clone();
        using var file = new PEReader(new MemoryStream(assembly));
        var tables = new Tables(copy, file.GetMetadataReader(), file.PEHeaders.MetadataStartOffset);

        // II.22.37 TypeDef: Flags, 4 bytes. II.22.26 MethodDef: RVA 4, ImplFlags 2, Flags 2. II.22.15 Field: Flags, 2 bytes.
        tables.Change(TableIndex.TypeDef, offset: 0, size: 4, flags => (uint)Public((TypeAttributes)flags));
        tables.Change(TableIndex.MethodDef, offset: 6, size: 2, flags => (uint)Public((MethodAttributes)flags));
        tables.Change(TableIndex.Field, offset: 0, size: 2, flags => (uint)Public((FieldAttributes)flags));
        return copy;
    }

    private static TypeAttributes Public(TypeAttributes type) => (type & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.NotPublic => type | TypeAttributes.Public,
        TypeAttributes.NestedAssembly or TypeAttributes.NestedFamANDAssem => type & ~TypeAttributes.VisibilityMask | TypeAttributes.NestedPublic,
        _ => type,
    };

    private static MethodAttributes Public(MethodAttributes method) =>
        (method & MethodAttributes.MemberAccessMask) == MethodAttributes.Assembly && !method.HasFlag(MethodAttributes.Virtual)
            ? method & ~MethodAttributes.MemberAccessMask | MethodAttributes.Public
            : method;

    private static FieldAttributes Public(FieldAttributes field) =>
        (field & FieldAttributes.FieldAccessMask) == FieldAttributes.Assembly
            ? field & ~FieldAttributes.FieldAccessMask | FieldAttributes.Public
            : field;

    private readonly struct Tables(byte[] bytes, MetadataReader metadata, int start)
    {
        public void Change(TableIndex table, int offset, int size, Func<uint, uint> change)
        {
            var first = start + metadata.GetTableMetadataOffset(table) + offset;
            for (var row = 0; row < metadata.GetTableRowCount(table); row++)
            {
                var flags = bytes.AsSpan(first + row * metadata.GetTableRowSize(table), size);
                if (size == 4)
                    BinaryPrimitives.WriteUInt32LittleEndian(flags, change(BinaryPrimitives.ReadUInt32LittleEndian(flags)));
                else
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)change(BinaryPrimitives.ReadUInt16LittleEndian(flags)));
            }
        }
    }
}
