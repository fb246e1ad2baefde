namespace MlComponents.MLNet;

/// <summary>Makes a column's value of one row's scores.</summary>
internal delegate void ScoreReader<T>(ReadOnlySpan<float> scores, ref T value);

/// <summary>A column that a fitted model adds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="ValueKind">What it is among the columns of a prediction.</param>
internal abstract record OutputColumn(string Name, DataViewType Type, string ValueKind)
{
    public const string ScoreKind = "Score";
    public const string PredictedLabelKind = "PredictedLabel";
    public const string ProbabilityKind = "Probability";

    /// <summary>Whether its values are probabilities.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Adds annotations of its own.</summary>
    public Action<DataViewSchema.Annotations.Builder>? Annotate { get; init; }

    /// <summary>A <c>ValueGetter</c> of the current row.</summary>
    public abstract Delegate Getter(Func<ReadOnlySpan<float>> currentScores);
}

/// <inheritdoc/>
internal sealed record OutputColumn<T>(string Name, DataViewType Type, string ValueKind, ScoreReader<T> Read) : OutputColumn(Name, Type, ValueKind)
{
    public override Delegate Getter(Func<ReadOnlySpan<float>> currentScores) => (ValueGetter<T>)((ref T value) => Read(currentScores(), ref value));
}
