using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Xml.Linq;

namespace MlComponents.Tests.HouseRules;

[TestClass]
public sealed class DocumentationTests
{
    private static readonly Assembly Assembly = typeof(ComponentDefinition).Assembly;
    private static readonly Dictionary<string, string> Summaries = XDocument.Load(Path.ChangeExtension(Assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, member => string.Join(" ", Text(member).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The properties that users set: of definitions, and of every record with a checked property.</summary>
    private static IEnumerable<PropertyInfo> OptionProperties => Assembly.GetExportedTypes()
        .Where(type => type.IsAssignableTo(typeof(ComponentDefinition)) || type.GetProperties().Any(property => property.IsDefined(typeof(ValidationAttribute))))
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(property => property.CanWrite);

    [TestMethod]
    public void EveryOption_NamesItsDefault()
    {
        var missing = OptionProperties.Where(property => !Summary(property).Contains("default", StringComparison.OrdinalIgnoreCase)).Select(Name).ToList();

        Assert.IsGreaterThan(30, OptionProperties.Count());
        Assert.IsEmpty(missing, $"the documentation doesn't name the default of {string.Join(", ", missing)}");
    }

    [TestMethod]
    public void EveryRange_IsTheOneInItsDocumentation()
    {
        var wrong = OptionProperties.Where(property => property.GetCustomAttribute<RangeAttribute>() is { } range && !Mentions(Summary(property), range)).Select(Name).ToList();

        Assert.IsEmpty(wrong, $"the documentation doesn't name the bounds of {string.Join(", ", wrong)}");
    }

    [TestMethod]
    public void EveryNumber_HasARangeOrSaysThatItHasNone()
    {
        string[] free = ["TrainerOptions.Seed", "CrossEntropy.IgnoreIndex"];   // any whole number will do

        var unchecked_ = OptionProperties
            .Where(property => Type.GetTypeCode(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is TypeCode.Int32 or TypeCode.Int64 or TypeCode.Double or TypeCode.Single)
            .Where(property => !property.PropertyType.IsEnum && !property.IsDefined(typeof(RangeAttribute)))
            .Select(Name).Except(free).ToList();

        Assert.IsEmpty(unchecked_, $"without a [Range]: {string.Join(", ", unchecked_)}");
    }

    [TestMethod]
    [DataRow("Units. At least 1; default 10.", 1.0, double.MaxValue, false, false, true)]
    [DataRow("Units. Default 10.", 1.0, double.MaxValue, false, false, false)]
    [DataRow("Units. At least 2; default 10.", 1.0, double.MaxValue, false, false, false)]
    [DataRow("A share. Above 0 and at most 1; default 1.", 0.0, 1.0, true, false, true)]
    [DataRow("A share. At least 0 and at most 1; default 1.", 0.0, 1.0, true, false, false)]
    [DataRow("A share. At least 0; default 1.", 0.0, 1.0, false, true, false)]
    [DataRow("Rows. 1 to 1,048,576; default 1.", 1.0, 1048576.0, false, false, true)]
    public void Mentions_OfTextsAndRanges_IsStrict(string text, double minimum, double maximum, bool above, bool below, bool expected) =>
        Assert.AreEqual(expected, Mentions(text, new RangeAttribute(minimum, maximum) { MinimumIsExclusive = above, MaximumIsExclusive = below }));

    /// <summary>Whether a text has "at least a", "above a", "at most b", "below b" or "a to b" as a range asks.</summary>
    private static bool Mentions(string text, RangeAttribute range)
    {
        var (minimum, maximum) = (Number(range.Minimum), Number(range.Maximum));
        if (!range.MinimumIsExclusive && !range.MaximumIsExclusive && text.Contains($"{minimum} to {maximum}", StringComparison.Ordinal))
            return true;

        var lower = text.Contains(range.MinimumIsExclusive ? $"above {minimum}" : $"at least {minimum}", StringComparison.OrdinalIgnoreCase);
        var upper = range.Maximum is int.MaxValue or double.MaxValue
            || text.Contains(range.MaximumIsExclusive ? $"below {maximum}" : $"at most {maximum}", StringComparison.OrdinalIgnoreCase);
        return lower && upper;
    }

    private static string Number(object bound) => Convert.ToDouble(bound, CultureInfo.InvariantCulture).ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Name(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";

    /// <summary>The summary of a property; a positional one is documented as the parameter of its record.</summary>
    private static string Summary(PropertyInfo property) =>
        Summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}") ?? Summaries.GetValueOrDefault($"T:{property.DeclaringType.FullName}") ?? "";

    private static string Text(XElement member) => string.Concat(member.Elements().Where(element => element.Name.LocalName is "summary" or "param").Select(element => element.Value + " "));
}
