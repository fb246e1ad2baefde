using static System.FormattableString;

namespace MlComponents.MLNet;

/// <summary>Counts rows and sees whether their labels differ.</summary>
internal sealed class LabelTally
{
    private double first = double.NaN;

    public long Count { get; private set; }

    public bool HasSeveral { get; private set; }

    public void Add(double label)
    {
        if (Count++ == 0)
            first = label;
        HasSeveral |= label != first;
    }

    /// <summary>Checks the training rows.</summary>
    /// <exception cref="InvalidDataException">The task is to tell classes apart, and there is only one.</exception>
    public void MustHaveSeveral(TrainingColumns columns, double? validationFraction = null)
    {
        if (columns.Task.NeedsSeveralLabels && !HasSeveral)
            throw Single(columns, Count, first, validationFraction);
    }

    /// <summary>What to say where all training rows have one label.</summary>
    /// <param name="columns">Their columns.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="label">Their label.</param>
    /// <param name="validationFraction">The share that was held back from them; null for none.</param>
    public static InvalidDataException Single(TrainingColumns columns, long count, double label, double? validationFraction) => new(validationFraction is { } fraction
        ? Invariant($"ValidationFraction is {fraction}, which leaves {count} training rows, all with the same label, {Shown(columns.Label, label)}, in the column ")
            + $"'{columns.Label.Name}': use a smaller fraction, another seed, or a ValidationSet, so that at least two classes are left to tell apart."
        : $"All {count} training rows have the same label, {Shown(columns.Label, label)}, in the column '{columns.Label.Name}': at least two classes are needed to tell them apart.");

    private static string Shown(DataViewSchema.Column label, double value)
    {
        if (label.Type is BooleanDataViewType)
            return value == 1 ? "true" : "false";
        var names = KeyNames.Of(label)?.Texts;
        return names is null ? Invariant($"key {value + 1}") : $"'{names[(int)value]}'";
    }
}
