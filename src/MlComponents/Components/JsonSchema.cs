using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MlComponents;

/// <summary>Says in words what a component's description may hold: which properties, and which values.</summary>
/// <param name="options">How the types are read.</param>
/// <param name="component">The component in a sentence, e.g. <c>network 'mlp'</c>.</param>
internal sealed class JsonSchema(JsonSerializerOptions options, string component)
{
    private const int LongestShown = 80;

    /// <summary>A value for a message, cut where it is long.</summary>
    public static string Show(JsonNode? node) => Clip(node?.ToJsonString() ?? "null");

    /// <summary>A text from a file for a message, cut where it is long.</summary>
    public static string Clip(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";

    /// <exception cref="ComponentException">A property isn't one of the type's, at any depth.</exception>
    public void CheckNames(JsonNode? node, Type type, string path = "")
    {
        var info = options.GetTypeInfo(type);
        if (node is JsonArray list && info is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element })
            for (var i = 0; i < list.Count; i++)
                CheckNames(list[i], element, $"{path}[{i}]");

        if (node is not JsonObject map || info.Kind != JsonTypeInfoKind.Object)
            return;
        foreach (var (key, value) in map)
        {
            var inner = path.Length == 0 ? key : $"{path}.{key}";
            var property = info.Properties.FirstOrDefault(property => property.Name == key) ?? throw Unknown(key, inner, info);
            CheckNames(value, property.PropertyType, inner);
        }
    }

    /// <summary>A sentence about a value that couldn't be read: where it is, what it is, what it should be.</summary>
    public string Explain(JsonException error, JsonNode? node, Type type)
    {
        var path = error.Path?.TrimStart('$', '.') ?? "";
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);
        foreach (var step in steps)
        {
            var info = options.GetTypeInfo(type);
            if (step[0] == '[' && node is JsonArray list && info.ElementType is { } element && int.TryParse(step[1..^1], out var index) && index < list.Count)
                (node, type) = (list[index], element);
            else if (node is JsonObject map && info.Properties.FirstOrDefault(property => property.Name == step) is { } property)
                (node, type) = (map[step], property.PropertyType);
            else
                return $"The {component} can't be read: {error.Message}";
        }
        return path.Length == 0
            ? $"The {component} can't be read: {error.Message}"
            : $"In the {component} '{path}' is {Show(node)}; allowed is {Allowed(type)}.";
    }

    private ComponentException Unknown(string key, string path, JsonTypeInfo info)
    {
        var known = info.Properties.Select(property => property.Name).ToList();
        return new($"The {component} has no property '{Clip(path)}'{NearestName.Hint(key, known)} "
            + (known.Count == 0 ? "It has none." : $"Known are: {string.Join(", ", known)}."));
    }

    private string Allowed(Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (value.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(value).Select(JsonNamingPolicy.KebabCaseLower.ConvertName));
        if (value.IsAssignableTo(typeof(ComponentDefinition)))
            return "a component, by its name or as an object with a name";
        return Type.GetTypeCode(value) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.String => "a text",
            TypeCode.Byte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => $"a whole number from {Limit(value, "MinValue")} to {Limit(value, "MaxValue")}",
            TypeCode.Single or TypeCode.Double => "a number",
            _ => options.GetTypeInfo(value) switch
            {
                { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } => $"a list, each element {Allowed(element)}",
                { Kind: JsonTypeInfoKind.Object } => "an object",
                _ => "a value of another type",
            },
        };
    }

    private static object? Limit(Type type, string name) => type.GetField(name)!.GetRawConstantValue();
}
