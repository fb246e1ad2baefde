namespace MlComponents;

/// <summary>What the end of a zip archive says about its directory.</summary>
/// <param name="Entries">How many entries it has.</param>
/// <param name="Offset">Where it begins, counted from the archive's beginning.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct ZipEnd(long Entries, long Offset, long Length)
{
    private const int RecordBytes = 22;
    private const int LocatorBytes = 20;
    private const int WideRecordBytes = 56;
    private const int EntryBytes = 46;

    /// <summary>Finds the end and checks that the directory fits before it.</summary>
    /// <param name="readAt">Reads so many bytes at an offset of the archive.</param>
    /// <param name="length">Bytes of the archive.</param>
    /// <exception cref="InvalidDataException">There is none, or it contradicts the archive's length.</exception>
    public static ZipEnd Read(Func<long, int, byte[]> readAt, long length)
    {
        var tail = readAt(length - Math.Min(length, RecordBytes + ushort.MaxValue), (int)Math.Min(length, RecordBytes + ushort.MaxValue));
        var at = tail.Length - RecordBytes;
        while (at >= 0 && !(tail.AsSpan(at).StartsWith("PK\x05\x06"u8) && at + RecordBytes + tail[at + 20] + (tail[at + 21] << 8) == tail.Length))
            at--;
        if (at < 0)
            throw new InvalidDataException("The zip archive has no directory at its end: it is cut off or damaged.");

        var position = length - tail.Length + at;
        var fields = new FieldReader(tail.AsSpan(at + 4));
        var disks = fields.UInt16() | fields.UInt16();
        var here = fields.UInt16();
        var (entries, directoryLength, offset) = (fields.UInt16(), fields.UInt32(), fields.UInt32());
        if (disks is not (0 or ushort.MaxValue) || here != entries)
            throw new InvalidDataException("The archive is one of several parts, and such ones can't be read.");

        var end = new ZipEnd(entries, offset, directoryLength);
        if (FindWide(readAt, position) is { } recordAt)
        {
            end = ReadWide(readAt, recordAt);
            position = recordAt;
            if (entries != ushort.MaxValue && entries != end.Entries || directoryLength != uint.MaxValue && directoryLength != end.Length || offset != uint.MaxValue && offset != end.Offset)
                throw new InvalidDataException("The archive's 64-bit numbers contradict the others: it is damaged.");
        }

        if (end.Length > position || end.Offset != position - end.Length || end.Entries > end.Length / EntryBytes)
            throw new InvalidDataException(
                $"The archive's directory is said to have {end.Entries} entries in {end.Length} bytes at {end.Offset}, which doesn't fit a file that ends at {length}: it is cut off or damaged.");
        return end;
    }

    /// <summary>Replaces 32-bit fields that say "look there" by the 64-bit ones of an entry's extra fields.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or not there.</exception>
    public static void Widen(ReadOnlySpan<byte> extra, ref long contentLength, ref long storedLength, ref long offset)
    {
        var fields = new FieldReader(extra);
        while (fields.Left >= 4)
        {
            var (id, size) = (fields.UInt16(), fields.UInt16());
            var field = new FieldReader(fields.Bytes(size));
            if (id != 1)
                continue;

            if (contentLength == uint.MaxValue)
                contentLength = field.Size();
            if (storedLength == uint.MaxValue)
                storedLength = field.Size();
            if (offset == uint.MaxValue)
                offset = field.Size();
            return;
        }
    }

    /// <summary>Where the record with 64-bit numbers is; null where there is none.</summary>
    private static long? FindWide(Func<long, int, byte[]> readAt, long position)
    {
        var locatorAt = position - LocatorBytes;
        if (locatorAt < WideRecordBytes || readAt(locatorAt, LocatorBytes) is var bytes && !bytes.AsSpan().StartsWith("PK\x06\x07"u8))
            return null;
        var recordAt = new FieldReader(bytes.AsSpan(8)).Size();
        return recordAt <= locatorAt - WideRecordBytes ? recordAt : throw new InvalidDataException("The archive's 64-bit numbers lie outside: it is cut off or damaged.");
    }

    private static ZipEnd ReadWide(Func<long, int, byte[]> readAt, long recordAt)
    {
        var record = readAt(recordAt, WideRecordBytes);
        if (!record.AsSpan().StartsWith("PK\x06\x06"u8))
            throw new InvalidDataException("The archive's 64-bit numbers aren't where they should be: it is damaged.");
        var fields = new FieldReader(record.AsSpan(32));
        var (entries, length, offset) = (fields.Size(), fields.Size(), fields.Size());
        return new(entries, offset, length);
    }
}
