namespace MlComponents;

/// <summary>A point of a <see cref="PrecisionRecallCurve"/>: what is predicted to be positive from a threshold on. Numbers of elements are sums of their weights.</summary>
/// <param name="Threshold">An element is predicted to be positive where its score is at least this; +∞ predicts none.</param>
/// <param name="Precision">The share of the predictions that are right, TP/(TP + FP): 0 to 1. Where nothing is predicted it is 1.</param>
/// <param name="Recall">The share of the positive elements that are found, TP/P: 0 to 1. NaN where none is positive.</param>
/// <param name="TruePositives">Positive elements that are predicted to be, TP.</param>
/// <param name="FalsePositives">Negative elements that are predicted to be positive, FP.</param>
public sealed record PrecisionRecallPoint(double Threshold, double Precision, double Recall, double TruePositives, double FalsePositives);
