namespace MlComponents;

/// <summary>What the directory of a zip archive says about one entry.</summary>
/// <param name="Name">Its name, with <c>/</c> between folders.</param>
/// <param name="IsDeflated">Whether its bytes are compressed; they are stored as they are otherwise.</param>
/// <param name="Crc">Check sum of its content.</param>
/// <param name="StoredLength">Bytes in the archive.</param>
/// <param name="Length">Bytes of the content.</param>
/// <param name="HeaderOffset">Where its header begins, counted from the archive's beginning.</param>
/// <param name="DataOffset">Where its bytes begin.</param>
internal sealed record ZipEntry(string Name, bool IsDeflated, uint Crc, long StoredLength, long Length, long HeaderOffset, long DataOffset);
