namespace MlComponents.Reporting;

/// <summary>What a threshold of the score gives.</summary>
/// <param name="Recall">The share of the class's examples whose score reaches the threshold, 0 to 1.</param>
/// <param name="Precision">The share of the examples whose score reaches the threshold that are of the class, 0 to 1.</param>
public readonly record struct PrecisionRecallPoint(double Recall, double Precision);
