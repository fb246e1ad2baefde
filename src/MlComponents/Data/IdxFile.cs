using System.Buffers.Binary;
using System.IO.Compression;

namespace MlComponents;

/// <summary>An array of bytes from a file in the idx format, in which MNIST and its relatives are published.</summary>
/// <remarks>
/// The format: two zero bytes, the code of the element type, the number of dimensions, each dimension as a big-endian int32, then the
/// elements in row-major order (http://yann.lecun.com/exdb/mnist). Only unsigned bytes, code 8, are read here.
/// </remarks>
/// <param name="Shape">Size of each dimension, e.g. [60000, 28, 28].</param>
/// <param name="Data">The elements in row-major order, as many as the product of <paramref name="Shape"/>.</param>
public sealed record IdxFile(IReadOnlyList<int> Shape, byte[] Data)
{
    private const int UnsignedByte = 8;

    /// <summary>Reads a file, gzipped or not, whatever its name ends with.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimensions">Dimensions that it must have, 1 to 255: 1 for MNIST's labels, 3 for its images.</param>
    /// <exception cref="InvalidDataException">
    /// It is no idx file of unsigned bytes with so many dimensions, or its content is shorter or longer than its header says; found out
    /// before memory for the elements is taken.
    /// </exception>
    /// <exception cref="IOException">The file isn't there or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static IdxFile Read(string path, int dimensions)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 255);

        try
        {
            using var file = File.OpenRead(path);
            var isGzip = IsGzip(file);
            var shape = ReadShape(Content(file, isGzip), path, dimensions);
            var size = SizeOf(shape, path);
            CheckLength(file, isGzip, HeaderSize(dimensions), size, path);

            var content = Content(file, isGzip);
            content.ReadExactly(new byte[HeaderSize(dimensions)]);
            var data = new byte[size];
            content.ReadExactly(data);
            return new IdxFile(shape, data);
        }
        catch (InvalidDataException e) when (!e.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path} is a damaged gzip file: {e.Message}", e);
        }
    }

    private static int HeaderSize(int dimensions) => 4 + 4 * dimensions;

    private static bool IsGzip(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        return file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1f, 0x8b];
    }

    /// <summary>The content from its beginning; the file stays open.</summary>
    private static Stream Content(FileStream file, bool isGzip)
    {
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
    }

    private static int[] ReadShape(Stream content, string path, int dimensions)
    {
        var header = new byte[HeaderSize(dimensions)];
        var length = content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        var expected = UnsignedByte << 8 | dimensions;
        if (length >= 4 && BinaryPrimitives.ReadInt32BigEndian(header) is var magic && magic != expected)
            throw new InvalidDataException(
                $"{path} starts with 0x{magic:x8}, but an idx file of unsigned bytes with {dimensions} dimensions starts with 0x{expected:x8}.");
        if (length < header.Length)
            throw new InvalidDataException($"{path} ends after {length} bytes, but the header of an idx file with {dimensions} dimensions has {header.Length}.");

        var shape = new int[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + 4 * i));
            if (shape[i] < 0)
                throw new InvalidDataException($"{path} says that dimension {i} has the size {shape[i]}; allowed are 0 to {int.MaxValue}.");
        }
        return shape;
    }

    private static int SizeOf(int[] shape, string path)
    {
        var size = 1L;
        if (!shape.Contains(0))
            foreach (var dimension in shape)
                if ((size *= dimension) > Array.MaxLength)
                    throw new InvalidDataException($"{path} says that it has {Shown.Shape(shape)} elements; at most {Array.MaxLength} can be read.");
        return shape.Contains(0) ? 0 : (int)size;
    }

    /// <summary>Compares what is there with what the header says; a gzipped file is unpacked for that once, a buffer at a time.</summary>
    private static void CheckLength(FileStream file, bool isGzip, int header, long size, string path)
    {
        var expected = header + size;
        var found = isGzip ? CountBytes(Content(file, isGzip), expected) : file.Length;
        if (found < expected)
            throw new InvalidDataException($"{path} ends after {found} bytes{Unpacked(isGzip)}, but its header announces {expected}.");
        if (found > expected)
            throw new InvalidDataException($"{path} goes on after the {expected} bytes{Unpacked(isGzip)} that its header announces.");
    }

    private static long CountBytes(Stream content, long expected)
    {
        var buffer = new byte[1 << 16];
        var total = 0L;
        while (total <= expected && content.Read(buffer) is > 0 and var count)
            total += count;
        return total;
    }

    private static string Unpacked(bool isGzip) => isGzip ? " of unpacked content" : "";
}
