using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace MlComponents.TestKit;

/// <summary>What an assembly's XML file says about the properties that users set.</summary>
public sealed class OptionDocumentation
{
    private readonly Dictionary<string, string> summaries;

    /// <param name="assembly">The assembly, with its XML file beside it.</param>
    /// <param name="everyType">Whether every type that can be set is one of options, as where an assembly has no live things of its own.</param>
    public OptionDocumentation(Assembly assembly, bool everyType = false)
    {
        summaries = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => string.Join(" ", Text(member).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Properties = [.. assembly.GetExportedTypes()
            .Where(type => everyType || type.IsAssignableTo(typeof(ComponentDefinition)) || type.GetProperties().Any(property => property.IsDefined(typeof(ValidationAttribute))))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.CanWrite && !property.IsDefined(typeof(RequiredMemberAttribute)))];
    }

    /// <summary>The properties that users set: of definitions, and of every record with a checked property.</summary>
    public IReadOnlyList<PropertyInfo> Properties { get; }

    /// <summary>The properties whose documentation names no default.</summary>
    public IReadOnlyList<string> WithoutDefault => [.. Properties.Where(property => !Summary(property).Contains("default", StringComparison.OrdinalIgnoreCase)).Select(Name)];

    /// <summary>The properties whose documentation names other bounds than are checked.</summary>
    public IReadOnlyList<string> WithoutBounds =>
        [.. Properties.Where(property => property.GetCustomAttribute<RangeAttribute>() is { } range && !Mentions(Summary(property), range)).Select(Name)];

    public static string Name(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";

    /// <summary>Whether a text has "at least a", "above a", "at most b", "below b" or "a to b" as a range asks.</summary>
    public static bool Mentions(string text, RangeAttribute range)
    {
        var (minimum, maximum) = (Number(range.Minimum), Number(range.Maximum));
        if (!range.MinimumIsExclusive && !range.MaximumIsExclusive && text.Contains($"{minimum} to {maximum}", StringComparison.Ordinal))
            return true;

        var lower = text.Contains(range.MinimumIsExclusive ? $"above {minimum}" : $"at least {minimum}", StringComparison.OrdinalIgnoreCase);
        var upper = range.Maximum is int.MaxValue or double.MaxValue
            || text.Contains(range.MaximumIsExclusive ? $"below {maximum}" : $"at most {maximum}", StringComparison.OrdinalIgnoreCase);
        return lower && upper;
    }

    /// <summary>The summary of a property; a positional one is documented as the parameter of its record.</summary>
    private string Summary(PropertyInfo property) =>
        summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}") ?? summaries.GetValueOrDefault($"T:{property.DeclaringType.FullName}") ?? "";

    private static string Number(object bound) => Convert.ToDouble(bound, CultureInfo.InvariantCulture).ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Text(XElement member) => string.Concat(member.Elements().Where(element => element.Name.LocalName is "summary" or "param").Select(element => element.Value + " "));
}
