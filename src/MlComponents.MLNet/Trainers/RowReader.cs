using System.Numerics.Tensors;
using static System.FormattableString;

namespace MlComponents.MLNet;

/// <summary>Reads one row after another from a cursor and says what is wrong with it.</summary>
internal sealed class RowReader
{
    private readonly TrainingColumns columns;
    private readonly ValueGetter<VBuffer<float>> features;
    private readonly Func<double> label;
    private readonly ValueGetter<float>? weight;
    private readonly Func<int?>? group;
    private readonly float[] zeros;
    private VBuffer<float> buffer;
    private float currentWeight = 1;

    public RowReader(DataViewRowCursor cursor, TrainingColumns columns)
    {
        this.columns = columns;
        features = cursor.GetGetter<VBuffer<float>>(columns.Features);
        label = LabelReader.Of(cursor, columns.Label);
        weight = columns.Weight is { } column ? cursor.GetGetter<float>(column) : null;
        group = columns.Group is { } grouping ? GroupReader.Of(cursor, grouping) : null;
        zeros = new float[columns.FeatureType.Size];
    }

    /// <summary>The current row's label.</summary>
    public double Label { get; private set; }

    /// <summary>The current row's weight; 1 without weights.</summary>
    public float Weight => currentWeight;

    /// <summary>The number of the current row's group; null without groups.</summary>
    public int? Group { get; private set; }

    /// <summary>Reads the cursor's current row.</summary>
    /// <param name="row">Room for its features.</param>
    /// <returns>Why the row can't be learned from, or null when it can.</returns>
    public string? Read(Span<float> row)
    {
        features(ref buffer);
        if (buffer.Length != row.Length)
            return $"the feature column '{columns.Features.Name}' has {buffer.Length} values where its type says {row.Length}";
        buffer.CopyTo(row);
        Label = label();
        weight?.Invoke(ref currentWeight);
        Group = group?.Invoke();

        if (TensorPrimitives.Dot(row, zeros) != 0)   // 0·x is 0 for every finite x and NaN for all others
            return $"the feature column '{columns.Features.Name}' has {FirstInvalid(row)}";
        if (!double.IsFinite(Label))
            return Invariant($"the label column '{columns.Label.Name}' has {(columns.Label.Type is KeyDataViewType ? "a missing key" : Label)}");
        if (!float.IsFinite(currentWeight) || currentWeight < 0)
            return Invariant($"the weight column '{columns.Weight!.Value.Name}' has {currentWeight}, but weights are finite and at least 0");
        if (group is not null && Group is null)
            return $"the validation group column '{columns.Group!.Value.Name}' has no value";
        return null;
    }

    private static string FirstInvalid(ReadOnlySpan<float> row)
    {
        for (var i = 0; i < row.Length; i++)
            if (!float.IsFinite(row[i]))
                return Invariant($"{row[i]} at index {i}");
        throw new InvalidOperationException("All features are finite.");
    }
}
