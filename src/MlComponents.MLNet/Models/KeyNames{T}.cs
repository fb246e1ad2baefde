using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlComponents.MLNet;

/// <inheritdoc/>
internal sealed class KeyNames<T>(string kind, PrimitiveDataViewType type, T[]? values = null) : KeyNames
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new MemoryConverter() },
    };

    private readonly T[] values = values ?? [];

    public override string Kind => kind;

    public override IReadOnlyList<string> Texts => [.. values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];

    public override JsonElement Write() => JsonSerializer.SerializeToElement(values, Json);

    public override void AddKeyValuesTo(DataViewSchema.Annotations.Builder annotations) => annotations.AddKeyValues<T>(values.Length, type, CopyTo);

    public override void AddSlotNamesTo(DataViewSchema.Annotations.Builder annotations)
    {
        if (this is KeyNames<ReadOnlyMemory<char>> texts)
            annotations.AddSlotNames(values.Length, texts.CopyTo);
        annotations.Add<VBuffer<T>>("TrainingLabelValues", new VectorDataViewType(type, values.Length), CopyTo);
    }

    protected override PrimitiveDataViewType ItemType => type;

    protected override KeyNames From(DataViewSchema.Column label)
    {
        VBuffer<T> buffer = default;
        label.Annotations.GetValue("KeyValues", ref buffer);
        return new KeyNames<T>(kind, type, [.. buffer.DenseValues()]);
    }

    protected override KeyNames From(JsonElement values)
    {
        try
        {
            return new KeyNames<T>(kind, type, values.Deserialize<T[]>(Json)!);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The model's label values aren't of the type '{kind}': {e.Message}", e);
        }
    }

    private void CopyTo(ref VBuffer<T> buffer) => buffer = new VBuffer<T>(values.Length, (T[])values.Clone());

    /// <summary>ML.NET's text as a JSON string.</summary>
    private sealed class MemoryConverter : JsonConverter<ReadOnlyMemory<char>>
    {
        public override ReadOnlyMemory<char> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString().AsMemory();

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<char> value, JsonSerializerOptions options) => writer.WriteStringValue(value.Span);
    }
}
