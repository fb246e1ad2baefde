namespace MlComponents;

/// <summary>Describes a metric that compares the class that a network predicts with the class that a label names, element by element.</summary>
/// <remarks>
/// A network with C outputs, at least 2, gives scores [N, C, ...]; its prediction is the class of the highest, the first of equal ones. Its
/// labels are class indices, int64 [N, ...], or soft targets in the scores' shape, of which the largest is the label. A network with one
/// output gives logits, [N, ...] or [N, 1, ...]; its prediction is the class 1 above 0, and else the class 0. Its labels have any dtype,
/// [N, ...], and are 1 above 0.5, else 0.
/// </remarks>
public abstract record ClassMetricDefinition : MetricDefinition
{
    /// <summary>
    /// A label whose elements count nowhere; of soft targets, those whose numbers all equal it. Null, the default: every label counts.
    /// </summary>
    public long? IgnoreIndex { get; init; }

    /// <exception cref="ArgumentException">A network with that many outputs has no such class.</exception>
    private protected void RequireClass(long index, long outputs)
    {
        var classes = ClassReader.ClassesOf(outputs);
        if (index >= classes)
            throw new ArgumentException(
                $"{GetType().Name} is of the class {index}, but there are {classes} classes: give a Class of at most {classes - 1}.");
    }
}
