using System.Collections.Concurrent;
using System.Reflection;
using System.Xml.Linq;

namespace MlComponents.Documentation;

/// <summary>Doc comments as Markdown, from the XML files beside the assemblies.</summary>
internal static class DocComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = [];

    public static string Summary(Type type) => Text(Member(type.Assembly, $"T:{type.FullName}")?.Element("summary"));

    public static string Remarks(Type type) => Text(Member(type.Assembly, $"T:{type.FullName}")?.Element("remarks"));

    /// <summary>The summary of a property; a positional one is documented as the parameter of its record.</summary>
    public static string Summary(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        return Text(Member(type.Assembly, $"P:{type.FullName}.{property.Name}")?.Element("summary")
            ?? Member(type.Assembly, $"T:{type.FullName}")?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")?.Value == property.Name));
    }

    private static XElement? Member(Assembly assembly, string id) => Files.GetOrAdd(assembly, static assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value)).GetValueOrDefault(id);

    private static string Text(XElement? element) => element is null
        ? ""
        : string.Join(' ', string.Concat(element.Nodes().Select(Markdown)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Markdown(XNode node) => node switch
    {
        XText text => Escape(text.Value),
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } reference => Reference(reference),
        XElement { Name.LocalName: "i" } emphasis => $"*{Text(emphasis)}*",
        XElement other => $"{Text(other)} ",
        _ => "",
    };

    private static string Reference(XElement reference)
    {
        var target = reference.Attribute("cref")?.Value ?? reference.Attribute("langword")?.Value ?? reference.Attribute("name")?.Value ?? reference.Attribute("href")?.Value ?? reference.Value;
        var name = target.Split('(')[0];
        return $"`{(target.Length > 1 && target[1] == ':' ? name[(name.LastIndexOf('.') + 1)..] : target)}`";
    }

    // Outside of code, angle brackets would be tags and asterisks emphasis.
    private static string Escape(string text) => text.Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
