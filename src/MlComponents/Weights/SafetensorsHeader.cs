using System.Text.Json;

namespace MlComponents;

/// <summary>What a safetensors file says about one tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where they end.</param>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>The header of a safetensors file; nothing in it is believed.</summary>
/// <param name="Entries">The tensors in the order of their bytes, which follow each other without a gap and fill the data exactly.</param>
/// <param name="Metadata">Texts by name that the file has beside them.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The format's own limit.</summary>
    public const long MaxBytes = 100_000_000;

    /// <summary>Where the texts are.</summary>
    public const string MetadataKey = "__metadata__";

    private const int MaxDimensions = 64;   // libtorch's own limit

    /// <summary>Reads a header.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="dataLength">Bytes that follow it.</param>
    /// <exception cref="InvalidDataException">Anything in it contradicts itself or the length of the data.</exception>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength)
    {
        if (json.Span is not [(byte)'{', ..])
            throw new InvalidDataException("The header must begin with '{', as the format has it: this is no safetensors file, or it has been changed.");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            var entries = document.RootElement.EnumerateObject().Where(property => property.Name != MetadataKey)
                .Select(property => Entry(property.Name, property.Value)).OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ToList();
            CheckOffsets(entries, dataLength);
            return new(entries, document.RootElement.TryGetProperty(MetadataKey, out var metadata) ? Texts(metadata) : new Dictionary<string, string>());
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The header is no valid JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)   // half of a surrogate pair, as an escape
        {
            throw new InvalidDataException($"The header has a name or text that is no Unicode: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> Texts(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object || metadata.EnumerateObject().Any(property => property.Value.ValueKind != JsonValueKind.String))
            throw new InvalidDataException($"The header's {MetadataKey} must hold texts by name, but it is {Json(metadata)}.");
        return metadata.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!);
    }

    private static SafetensorsEntry Entry(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out var shape) || !value.TryGetProperty("data_offsets", out var offsets))
            throw new InvalidDataException($"The tensor '{Shown.Text(name)}' needs a dtype, a shape and data_offsets, but its header is {Json(value)}.");

        var (type, bytes) = SafetensorsTypes.Find(name, dtype.GetString()!);
        var sizes = Sizes(name, "shape", shape);
        if (Sizes(name, "data_offsets", offsets) is not [var begin, var end])
            throw new InvalidDataException($"The tensor '{Shown.Text(name)}' needs two data_offsets, but has {Json(offsets)}.");

        var length = Product(sizes, bytes);
        if (end < begin || length != end - begin)
            throw new InvalidDataException(
                $"The tensor '{Shown.Text(name)}' of type {dtype.GetString()} and shape {Json(shape)} doesn't fit its data_offsets {Json(offsets)}.");
        return new(name, type, sizes, begin, end);
    }

    private static long[] Sizes(string name, string property, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxDimensions)
            throw new InvalidDataException($"The {property} of the tensor '{Shown.Text(name)}' must be a list of at most {MaxDimensions} numbers, but it is {Json(list)}.");

        var sizes = new long[list.GetArrayLength()];
        for (var i = 0; i < sizes.Length; i++)
            if (list[i].ValueKind != JsonValueKind.Number || !list[i].TryGetInt64(out sizes[i]) || sizes[i] < 0)
                throw new InvalidDataException($"The {property} of the tensor '{Shown.Text(name)}' must hold whole numbers from 0, but it is {Json(list)}.");
        return sizes;
    }

    /// <summary>The bytes of a tensor; −1 where they are more than a number can hold.</summary>
    private static long Product(long[] sizes, int bytes)
    {
        Int128 product = bytes;
        foreach (var size in sizes)
            if ((product *= Math.Max(size, 1)) > long.MaxValue)   // strides are computed so, also beside a 0
                return -1;
        return sizes.Contains(0) ? 0 : (long)product;
    }

    private static void CheckOffsets(List<SafetensorsEntry> entries, long dataLength)
    {
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
                throw new InvalidDataException(
                    $"The tensor '{Shown.Text(entry.Name)}' begins at byte {entry.Begin}, but the one before it ends at {end}: tensors must follow each other without gap or overlap.");
            end = entry.End;
        }
        if (end != dataLength)
            throw new InvalidDataException($"The header speaks of {end} bytes of data, but there are {dataLength}: the file is cut off or has been changed.");
    }

    private static string Json(JsonElement value) => Shown.Text(value.GetRawText());
}
