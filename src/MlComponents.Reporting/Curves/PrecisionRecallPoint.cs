namespace MlComponents.Reporting;

/// <summary>What a threshold of the score gives.</summary>
/// <param name="recall">The share of the class's examples whose score reaches the threshold, 0 to 1.</param>
/// <param name="precision">The share of the examples whose score reaches the threshold that are of the class, 0 to 1.</param>
public readonly struct PrecisionRecallPoint(double recall, double precision) : IEquatable<PrecisionRecallPoint>
{
    /// <summary>The share of the class's examples whose score reaches the threshold, 0 to 1.</summary>
    public double Recall { get; } = recall;

    /// <summary>The share of the examples whose score reaches the threshold that are of the class, 0 to 1.</summary>
    public double Precision { get; } = precision;

    /// <summary>Whether both shares are equal.</summary>
    public static bool operator ==(PrecisionRecallPoint left, PrecisionRecallPoint right) => left.Equals(right);

    /// <summary>Whether a share differs.</summary>
    public static bool operator !=(PrecisionRecallPoint left, PrecisionRecallPoint right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(PrecisionRecallPoint other) => (Recall, Precision) == (other.Recall, other.Precision);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PrecisionRecallPoint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Recall, Precision);
}
