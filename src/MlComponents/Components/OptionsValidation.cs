using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace MlComponents;

/// <summary>
/// Checks option records by their attributes and lists everything that is wrong at once. Beyond the attributes, no number is NaN or
/// infinite, and nothing is null that isn't declared so.
/// </summary>
public static class OptionsValidation
{
    /// <summary>Checks a record and all options inside it.</summary>
    /// <param name="options">A record whose properties carry the attributes of <see cref="System.ComponentModel.DataAnnotations"/>.</param>
    /// <exception cref="ValidationException">At least one value is not allowed; the message lists all of them.</exception>
    public static void Validate(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = Problems(options, options.GetType().Name).ToList();
        if (problems.Count > 0)
            throw new ValidationException(string.Join(" ", problems));
    }

    private static List<string> Problems(object options, string path)
    {
        var problems = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .SelectMany(property => Problems(property, property.GetValue(options), $"{path}.{property.Name}"))
            .ToList();

        // Rules across properties may rely on each being valid by itself.
        if (problems.Count == 0 && options is IValidatableObject validatable)
            problems.AddRange(validatable.Validate(new ValidationContext(options)).Select(result => $"{path}: {result.ErrorMessage}"));
        return problems;
    }

    private static IEnumerable<string> Problems(PropertyInfo property, object? value, string path)
    {
        if (value is null)
            return IsNullable(property) ? [] : [$"{path} is null; allowed is any value but none."];

        var own = property.GetCustomAttributes<ValidationAttribute>().SelectMany(attribute => Violations(attribute, value, path)).ToList();
        return [.. own.Count > 0 ? own : NotFinite(value, path), .. Inside(value, path)];
    }

    private static IEnumerable<string> Violations(ValidationAttribute attribute, object value, string path)
    {
        if (attribute is ElementRangeAttribute range && value is IEnumerable list)
            return list.Cast<object>().Select((element, i) => (element, i)).Where(at => !range.IsInside(at.element))
                .Select(at => $"{path}[{at.i}] is {Show(at.element)}; allowed is {Allowed(range)}.");
        return IsValid(attribute, value) ? [] : [$"{path} is {Show(value)}; allowed is {Allowed(attribute)}."];
    }

    private static bool IsValid(ValidationAttribute attribute, object value)
    {
        try
        {
            return attribute.IsValid(value);
        }
        catch (OverflowException)   // a RangeAttribute of int converts before it compares
        {
            return false;
        }
    }

    private static IEnumerable<string> NotFinite(object value, string path) => value switch
    {
        double number when !double.IsFinite(number) => [$"{path} is {Show(number)}; allowed is any finite number."],
        float number when !float.IsFinite(number) => [$"{path} is {Show(number)}; allowed is any finite number."],
        IEnumerable<double> list => list.SelectMany((number, i) => NotFinite(number, $"{path}[{i}]")),
        _ => [],
    };

    /// <summary>Problems of the options inside a value: of itself, or of a list's elements.</summary>
    private static IEnumerable<string> Inside(object value, string path) => value switch
    {
        string => [],
        IEnumerable<object?> list => list.SelectMany((element, i) =>
            element is null ? [$"{path}[{i}] is null; allowed is any value but none."] : Inside(element, $"{path}[{i}]")),
        _ => IsOptions(value.GetType()) ? Problems(value, path) : [],
    };

    /// <summary>The components of a value: itself, or a list's elements, and those in their properties.</summary>
    internal static IEnumerable<ComponentDefinition> Components(object? value) => value switch
    {
        null or string => [],
        IEnumerable<object?> list => list.SelectMany(Components),
        _ when !IsOptions(value.GetType()) => [],
        _ => value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .SelectMany(property => Components(property.GetValue(value)))
            .Concat(value is ComponentDefinition component ? [component] : []),
    };

    private static bool IsOptions(Type type) => type.IsAssignableTo(typeof(ComponentDefinition)) || type.IsAssignableTo(typeof(IValidatableObject))
        || type.GetProperties().Any(property => property.IsDefined(typeof(ValidationAttribute)));

    private static bool IsNullable(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || !property.IsDefined(typeof(RequiredAttribute)) && new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull;

    /// <summary>What an attribute allows, in words.</summary>
    public static string Allowed(ValidationAttribute attribute) => attribute switch
    {
        RangeAttribute range => Interval(range.Minimum, range.Maximum, range.MinimumIsExclusive, range.MaximumIsExclusive),
        ElementRangeAttribute range => Interval(range.Minimum, range.Maximum, false, false),
        EnumDataTypeAttribute type => "one of " + string.Join(", ", Enum.GetNames(type.EnumType)),
        RequiredAttribute => "any value but none",
        AllowedValuesAttribute allowed => "one of " + string.Join(", ", allowed.Values.Select(Show)),
        LengthAttribute length => $"{length.MinimumLength} to {length.MaximumLength} elements",
        MinLengthAttribute length => $"at least {length.Length} elements",
        _ => attribute.FormatErrorMessage("it"),
    };

    private static string Interval(object minimum, object maximum, bool aboveMinimum, bool belowMaximum)
    {
        var lower = aboveMinimum ? $"above {Show(minimum)}" : $"at least {Show(minimum)}";
        return maximum switch
        {
            double.MaxValue => $"{lower} and finite",
            int.MaxValue or (double)int.MaxValue => lower,
            _ => $"{lower} and {(belowMaximum ? "below" : "at most")} {Show(maximum)}",
        };
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Show)) + "]",
        _ => value.ToString() ?? "",
    };
}
