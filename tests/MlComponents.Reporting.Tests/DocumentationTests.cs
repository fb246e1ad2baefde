using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace MlComponents.Reporting.Tests;

[TestClass]
public sealed class DocumentationTests
{
    [TestMethod]
    public void EveryOption_NamesItsDefault()
    {
        var assembly = typeof(ProgressBar).Assembly;
        var summaries = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")?.Value ?? "");
        var options = assembly.GetExportedTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.CanWrite && !property.IsDefined(typeof(RequiredMemberAttribute))).ToList();

        var missing = options
            .Where(property => !summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "").Contains("default", StringComparison.OrdinalIgnoreCase))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").ToList();

        Assert.IsGreaterThanOrEqualTo(3, options.Count);
        Assert.IsEmpty(missing, $"the documentation doesn't name the default of {string.Join(", ", missing)}");
    }
}
