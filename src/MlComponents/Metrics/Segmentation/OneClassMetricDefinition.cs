using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Describes a metric of one class, the foreground, against all others.</summary>
/// <remarks>
/// Its name begins with the class, e.g. <c>class-3-iou</c>; with a network of one or two outputs the class 1 goes without saying:
/// <c>iou</c>.
/// </remarks>
public abstract record OneClassMetricDefinition : ClassMetricDefinition
{
    /// <summary>The class that is the foreground. At least 0; default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Class { get; init; } = 1;

    /// <summary>The metric's name for a network.</summary>
    /// <exception cref="ArgumentException">The network has no such class.</exception>
    private protected string NameFor(long outputs, string noun)
    {
        RequireClass(Class, outputs);
        return outputs <= 2 && Class == 1 ? noun : $"class-{Class}-{noun}";
    }
}
