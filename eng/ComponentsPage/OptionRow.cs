using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlComponents.Documentation;

/// <summary>One option in a component's table.</summary>
internal sealed class OptionRow(PropertyInfo property, JsonObject defaults)
{
    /// <summary>Its key in JSON.</summary>
    public string Key { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>Whether it is a list.</summary>
    public bool IsList => ElementOf(property.PropertyType) is not null;

    /// <summary>Its record, or that of its elements where it is a list, where that is no component by itself.</summary>
    public Type? Part => (ElementOf(property.PropertyType) ?? property.PropertyType) is { IsValueType: false } part && part != typeof(string) && !part.IsAssignableTo(typeof(ComponentDefinition)) ? part : null;

    public string Render() => $"| `{Key}` | {Show(defaults[Key])} | {Allowed()} | {Cell(DocComments.Summary(property))} |\n";

    /// <summary>A value in JSON; a component with all its defaults by its bare name.</summary>
    public static string Show(JsonNode? value) => value switch
    {
        null => "none",
        JsonObject component when component["name"] is { } name => $"`{name}`",
        JsonValue text when text.TryGetValue<string>(out var word) => $"`{word}`",
        _ => $"`{Cell(value.ToJsonString())}`",
    };

    private static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private string Allowed()
    {
        var attributes = property.GetCustomAttributes<ValidationAttribute>().Where(attribute => attribute is not EnumDataTypeAttribute).Select(OptionsValidation.Allowed);
        return Cell(string.Join("; ", attributes.Prepend(ValueKind(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)).Where(text => text.Length > 0)));
    }

    private string ValueKind(Type type) => type switch
    {
        _ when type == typeof(bool) => "`true`, `false`",
        { IsEnum: true } => string.Join(", ", Enum.GetNames(type).Select(name => $"`{JsonNamingPolicy.KebabCaseLower.ConvertName(name)}`")),
        _ when type.IsAssignableTo(typeof(ComponentDefinition)) => $"a component: {Words(type.Name)}",
        _ when ElementOf(type) is { } element => $"a list, each {(Part is null ? ValueKind(element) : "an object")}",
        _ when type == typeof(string) => "text",
        _ when type == Part => "an object",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ => "a number",
    };

    private static string Words(string typeName) => JsonNamingPolicy.KebabCaseLower.ConvertName(typeName.Replace("Definition", "", StringComparison.Ordinal)).Replace('-', ' ');

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
