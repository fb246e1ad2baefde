using System.Text.Json;

namespace MlComponents.MLNet;

/// <summary>The values that a label's keys stand for, as they are saved and shown.</summary>
internal abstract class KeyNames
{
    private static readonly KeyNames[] Kinds =
    [
        new KeyNames<ReadOnlyMemory<char>>("text", TextDataViewType.Instance),
        new KeyNames<bool>("bool", BooleanDataViewType.Instance),
        new KeyNames<sbyte>("int8", NumberDataViewType.SByte),
        new KeyNames<byte>("uint8", NumberDataViewType.Byte),
        new KeyNames<short>("int16", NumberDataViewType.Int16),
        new KeyNames<ushort>("uint16", NumberDataViewType.UInt16),
        new KeyNames<int>("int32", NumberDataViewType.Int32),
        new KeyNames<uint>("uint32", NumberDataViewType.UInt32),
        new KeyNames<long>("int64", NumberDataViewType.Int64),
        new KeyNames<ulong>("uint64", NumberDataViewType.UInt64),
        new KeyNames<float>("float32", NumberDataViewType.Single),
        new KeyNames<double>("float64", NumberDataViewType.Double),
        new KeyNames<DateTime>("date-time", DateTimeDataViewType.Instance),
        new KeyNames<DateTimeOffset>("date-time-offset", DateTimeOffsetDataViewType.Instance),
        new KeyNames<TimeSpan>("time-span", TimeSpanDataViewType.Instance),
    ];

    /// <summary>Name of the values' type in files.</summary>
    public abstract string Kind { get; }

    /// <summary>The values as text, in the order of the keys.</summary>
    public abstract IReadOnlyList<string> Texts { get; }

    /// <summary>The values of a column of keys, or null when its keys stand for nothing.</summary>
    public static KeyNames? Of(DataViewSchema.Column label)
    {
        if (label.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is not VectorDataViewType type)
            return null;
        return Array.Find(Kinds, kind => kind.ItemType == type.ItemType)?.From(label);
    }

    /// <exception cref="InvalidDataException">The type isn't known, or the values aren't of it.</exception>
    public static KeyNames Read(string kind, JsonElement values)
    {
        var known = Array.Find(Kinds, known => known.Kind == kind)
            ?? throw new InvalidDataException(
                $"The model's label values are of the type '{kind}', which isn't known; known are {string.Join(", ", Kinds.Select(known => known.Kind))}.");
        return known.From(values);
    }

    public abstract JsonElement Write();

    /// <summary>Lets a predicted key be mapped back to its value.</summary>
    public abstract void AddKeyValuesTo(DataViewSchema.Annotations.Builder annotations);

    /// <summary>Names the elements of a vector that has one for each key.</summary>
    public abstract void AddSlotNamesTo(DataViewSchema.Annotations.Builder annotations);

    protected abstract PrimitiveDataViewType ItemType { get; }

    protected abstract KeyNames From(DataViewSchema.Column label);

    protected abstract KeyNames From(JsonElement values);
}
