using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Describes a metric that every class has a value of, from a confusion matrix over all examples of a pass.</summary>
/// <remarks>
/// Its name begins with the average, <c>macro-</c>, <c>micro-</c> or <c>weighted-</c>, or <c>class-3-</c> for the class 3. A network with
/// one output is measured by its positive class unless an average is asked for; the name has no prefix then.
/// </remarks>
public abstract record AveragedMetricDefinition : ClassMetricDefinition
{
    /// <summary>
    /// How the classes' values become one. Null, the default: the positive class alone for a network with one output, else the macro
    /// average.
    /// </summary>
    [EnumDataType(typeof(ClassAverage))]
    public ClassAverage? Average { get; init; }

    /// <summary>The one class to measure instead of an average. At least 0; null, the default: the average.</summary>
    [Range(0, int.MaxValue)]
    public int? Class { get; init; }

    /// <summary>Builds the metric for a ratio of each class.</summary>
    private protected Metric Create(string noun, long outputs, Func<ClassTally, Ratio> ratio, double undefined)
    {
        if (Class is { } index)
        {
            RequireClass(index, outputs);
            return Of($"class-{index}-{noun}", index);
        }
        if (outputs == 1 && Average is null)
            return Of(noun, 1);

        var prefix = Average switch { ClassAverage.Micro => "micro", ClassAverage.Weighted => "weighted", _ => "macro" };
        return Of($"{prefix}-{noun}", null);

        ConfusionMetric Of(string name, long? only) =>
            new(name, outputs, IgnoreIndex, ratio) { Average = Average ?? ClassAverage.Macro, Class = only, Undefined = undefined };
    }
}
