using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace MlComponents;

/// <summary>Checks option records by their attributes and lists everything that is wrong at once.</summary>
internal static class OptionsValidation
{
    /// <exception cref="ValidationException">At least one value is not allowed; the message lists all of them.</exception>
    public static void Validate(object options)
    {
        var problems = Problems(options, options.GetType().Name).ToList();
        if (problems.Count > 0)
            throw new ValidationException(string.Join(" ", problems));
    }

    private static IEnumerable<string> Problems(object options, string path)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0)
                continue;

            var value = property.GetValue(options);
            var name = $"{path}.{property.Name}";
            foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>())
                if (!attribute.IsValid(value))
                    yield return $"{name} is {Show(value)}; allowed is {Allowed(attribute)}.";

            foreach (var (inner, innerPath) in Inner(value, name))
                foreach (var problem in Problems(inner, innerPath))
                    yield return problem;
        }

        if (options is IValidatableObject validatable)
            foreach (var result in validatable.Validate(new ValidationContext(options)))
                yield return $"{path}: {result.ErrorMessage}";
    }

    private static IEnumerable<(object Options, string Path)> Inner(object? value, string name) => value switch
    {
        null or string => [],
        IEnumerable<object> list => list.SelectMany((element, i) => Inner(element, $"{name}[{i}]")),
        _ when IsOptions(value.GetType()) => [(value, name)],
        _ => [],
    };

    private static bool IsOptions(Type type) => type.IsAssignableTo(typeof(ComponentDefinition))
        || type.GetProperties().Any(property => property.IsDefined(typeof(ValidationAttribute)));

    private static string Allowed(ValidationAttribute attribute) => attribute switch
    {
        RangeAttribute range => Interval(range.Minimum, range.Maximum, range.MinimumIsExclusive, range.MaximumIsExclusive),
        ElementRangeAttribute range => "only elements " + Interval(range.Minimum, range.Maximum, false, false),
        RequiredAttribute => "any value but none",
        AllowedValuesAttribute allowed => "one of " + string.Join(", ", allowed.Values),
        LengthAttribute length => $"{length.MinimumLength} to {length.MaximumLength} elements",
        MinLengthAttribute length => $"at least {length.Length} elements",
        _ => attribute.FormatErrorMessage("it"),
    };

    private static string Interval(object minimum, object maximum, bool aboveMinimum, bool belowMaximum)
    {
        var lower = aboveMinimum ? $"above {Show(minimum)}" : $"at least {Show(minimum)}";
        var unbounded = maximum is double.MaxValue or double.PositiveInfinity or int.MaxValue or (double)int.MaxValue or (double)long.MaxValue;
        return unbounded ? lower : $"{lower} and {(belowMaximum ? "below" : "at most")} {Show(maximum)}";
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
