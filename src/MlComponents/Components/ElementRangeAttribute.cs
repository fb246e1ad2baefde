using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace MlComponents;

/// <summary>Every element of a list of numbers lies between two bounds, both included. No list, null, is valid.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ElementRangeAttribute(double minimum, double maximum) : ValidationAttribute
{
    /// <summary>Smallest element allowed.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>Largest element allowed.</summary>
    public double Maximum { get; } = maximum;

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is not IEnumerable list || list.Cast<object>().All(IsInside);

    internal bool IsInside(object element)
    {
        var number = Convert.ToDouble(element, CultureInfo.InvariantCulture);
        return number >= Minimum && number <= Maximum;
    }
}
