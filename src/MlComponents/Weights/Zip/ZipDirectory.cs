using System.Text;

namespace MlComponents;

/// <summary>
/// The entries of a zip archive, 64-bit ones included. Nothing in it is believed: names stay inside the archive and are there once, bytes lie inside
/// the file and belong to one entry, compressed content is unpacked only to the length that was announced, and that one is bounded.
/// </summary>
/// <remarks>See APPNOTE.TXT of PKWARE, version 6.3. Entries are stored or deflated; archives of several parts and encrypted ones are refused.</remarks>
internal sealed class ZipDirectory
{
    /// <summary>How many times as long as the archive all of its compressed content may be together.</summary>
    public const int LargestExpansion = 100;

    private const long MaxDirectoryBytes = 100_000_000;
    private const int HeaderBytes = 30;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Stream stream;
    private readonly long origin;
    private readonly long length;
    private readonly Dictionary<string, ZipEntry> entries = [];

    /// <summary>Reads the directory of the archive that a stream holds from its position to its end.</summary>
    /// <param name="stream">A stream that can seek; it must stay open while entries are read.</param>
    /// <exception cref="InvalidDataException">It is no zip archive, cut off, or contradicts itself.</exception>
    public ZipDirectory(Stream stream)
    {
        this.stream = stream;
        origin = stream.Position;
        length = stream.Length - origin;

        var end = ZipEnd.Read(ReadAt, length);
        if (end.Length > MaxDirectoryBytes)
            throw new InvalidDataException($"The archive's directory has {end.Length} bytes, but {MaxDirectoryBytes} are allowed.");
        ReadEntries(ReadAt(end.Offset, (int)end.Length), end);
        CheckOverlap(end.Offset);
        CheckExpansion();
    }

    /// <summary>All entries by name.</summary>
    public IReadOnlyDictionary<string, ZipEntry> Entries => entries;

    /// <summary>An entry's content; the check sum is compared where it ends.</summary>
    /// <exception cref="InvalidDataException">Its compressed bytes don't give what was announced; found out before anything is returned.</exception>
    public Stream Open(ZipEntry entry)
    {
        if (entry.IsDeflated)
            using (var trial = Content(entry))
                trial.CopyTo(Stream.Null);
        return Content(entry);
    }

    /// <summary>The whole content of a small entry.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="maximum"/>, or not what was announced.</exception>
    public byte[] ReadAll(ZipEntry entry, int maximum)
    {
        if (entry.Length > maximum)
            throw new InvalidDataException($"The archive's entry '{Shown.Text(entry.Name)}' has {entry.Length} bytes, but {maximum} are allowed.");
        using var content = Open(entry);
        var bytes = new byte[(int)entry.Length];
        TensorBytes.ReadExactly(content, bytes, $"the entry '{Shown.Text(entry.Name)}'");
        return bytes;
    }

    private ZipEntryStream Content(ZipEntry entry) => new(entry, new StreamPart(stream, origin + entry.DataOffset, entry.StoredLength));

    private byte[] ReadAt(long offset, int count)
    {
        var bytes = new byte[count];
        stream.Position = origin + offset;
        TensorBytes.ReadExactly(stream, bytes, "the archive's directory");
        return bytes;
    }

    private void ReadEntries(ReadOnlySpan<byte> directory, ZipEnd end)
    {
        var fields = new FieldReader(directory);
        for (var i = 0L; i < end.Entries; i++)
        {
            var entry = ReadEntry(ref fields, end.Offset);
            if (!entries.TryAdd(entry.Name, entry))
                throw new InvalidDataException($"The archive has two entries called '{Shown.Text(entry.Name)}'.");
        }
        if (fields.Left != 0)
            throw new InvalidDataException($"The archive is said to have {end.Entries} entries, but its directory goes on after them: it is damaged.");
    }

    private ZipEntry ReadEntry(ref FieldReader fields, long dataEnd)
    {
        if (fields.UInt32() != 0x02014b50)
            throw new InvalidDataException("The archive's directory has something that is no entry: it is damaged.");
        fields.Bytes(4);   // versions
        var flags = fields.UInt16();
        var method = fields.UInt16();
        fields.Bytes(4);   // time and date
        var crc = fields.UInt32();
        long storedLength = fields.UInt32();
        long contentLength = fields.UInt32();
        var (nameLength, extraLength, commentLength) = (fields.UInt16(), fields.UInt16(), fields.UInt16());
        int disk = fields.UInt16();
        fields.Bytes(6);   // attributes
        long offset = fields.UInt32();
        var nameBytes = fields.Bytes(nameLength);
        var name = Name(nameBytes);
        ZipEnd.Widen(fields.Bytes(extraLength), ref contentLength, ref storedLength, ref offset);
        fields.Bytes(commentLength);

        if ((flags & 0x2041) != 0)
            throw new InvalidDataException($"The archive's entry '{Shown.Text(name)}' is encrypted, and such ones can't be read.");
        if (method is not (0 or 8))
            throw new InvalidDataException($"The archive's entry '{Shown.Text(name)}' is compressed by method {method}; stored (0) and deflated (8) ones can be read.");
        if (method == 0 && storedLength != contentLength)
            throw new InvalidDataException($"The archive's entry '{Shown.Text(name)}' is stored as it is, but its lengths are {storedLength} and {contentLength}.");
        if (disk is not (0 or ushort.MaxValue))
            throw new InvalidDataException("The archive is one of several parts, and such ones can't be read.");

        var data = DataOffset(name, nameBytes, flags, method, offset, dataEnd);
        if (storedLength > dataEnd - data)
            throw new InvalidDataException($"The archive's entry '{Shown.Text(name)}' is said to have {storedLength} bytes at {data}, which lie outside: the file is cut off or damaged.");
        return new(name, method == 8, crc, storedLength, contentLength, offset, data);
    }

    /// <summary>Where an entry's bytes begin: behind its own header, which must agree with the directory.</summary>
    private long DataOffset(string name, ReadOnlySpan<byte> nameBytes, int flags, int method, long offset, long dataEnd)
    {
        if (offset > dataEnd - HeaderBytes - nameBytes.Length)
            throw new InvalidDataException($"The archive's entry '{Shown.Text(name)}' is said to begin at byte {offset}, which lies outside: the file is cut off or damaged.");

        var header = ReadAt(offset, HeaderBytes + nameBytes.Length);
        var fields = new FieldReader(header);
        var signature = fields.UInt32();
        fields.Bytes(2);
        var (ownFlags, ownMethod) = (fields.UInt16(), fields.UInt16());
        fields.Bytes(16);
        var (nameLength, extraLength) = (fields.UInt16(), fields.UInt16());
        if (signature != 0x04034b50 || ownMethod != method || (ownFlags & 1) != (flags & 1) || nameLength != nameBytes.Length || !nameBytes.SequenceEqual(header.AsSpan(HeaderBytes)))
            throw new InvalidDataException($"The archive's entry '{Shown.Text(name)}' has a header that contradicts the directory: it is damaged.");
        return offset + header.Length + extraLength;
    }

    private static string Name(ReadOnlySpan<byte> bytes)
    {
        string name;
        try
        {
            name = Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("The archive has an entry whose name is no UTF-8.", e);
        }
        if (name.Length == 0 || name.AsSpan().ContainsAny('\\', '\0') || name[0] == '/' || name.Split('/').Any(part => part is ".." or "."))
            throw new InvalidDataException($"The archive has an entry called '{Shown.Text(name)}', which isn't a place inside of it.");
        return name;
    }

    private void CheckOverlap(long dataEnd)
    {
        var end = 0L;
        foreach (var entry in entries.Values.OrderBy(entry => entry.HeaderOffset).ThenBy(entry => entry.DataOffset))
        {
            if (entry.HeaderOffset < end)
                throw new InvalidDataException($"The archive's entry '{Shown.Text(entry.Name)}' begins at byte {entry.HeaderOffset}, inside of another one: entries must not overlap.");
            end = entry.DataOffset + entry.StoredLength;
        }
        if (end > dataEnd)
            throw new InvalidDataException("The archive's last entry reaches into its directory: it is damaged.");
    }

    private void CheckExpansion()
    {
        var expanded = entries.Values.Where(entry => entry.IsDeflated).Sum(entry => (decimal)entry.Length);
        if (expanded > (decimal)LargestExpansion * length)
            throw new InvalidDataException(
                $"The archive of {length} bytes announces {expanded} bytes of compressed content; at most {LargestExpansion} times its length are unpacked. Write the file without compression.");
    }
}
