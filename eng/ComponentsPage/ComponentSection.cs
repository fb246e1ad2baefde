using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlComponents.Documentation;

/// <summary>One component on the page.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Type">Its record.</param>
/// <param name="Presets">Other names that stand for it with some options set.</param>
internal sealed record ComponentSection(string Name, Type Type, IReadOnlyList<(string Name, ComponentDefinition Definition)> Presets)
{
    public string Render(ComponentRegistry registry)
    {
        var defaults = ComponentJson.ToNode((ComponentDefinition)ComponentsPage.Default(Type), registry);
        var text = new StringBuilder($"### {Name}\n\n`{Type.Name}`. {DocComments.Summary(Type)}\n");
        if (DocComments.Remarks(Type) is { Length: > 0 } remarks)
            text.Append($"\n{remarks}\n");
        if (Presets.Count > 0)
            text.Append($"\nPresets: {string.Join(", ", Presets.Select(preset => $"`{preset.Name}` ({Difference(ComponentJson.ToNode(preset.Definition, registry), defaults)})"))}.\n");
        AppendTable(text, Type, defaults);
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, Type type, JsonObject defaults)
    {
        var options = ComponentsPage.Options(type).Select(property => new OptionRow(property, defaults)).ToList();
        if (options.Count == 0)
            return;
        text.Append("\n| option | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var option in options)
            text.Append(option.Render());
        foreach (var (option, part) in options.Where(option => option.Part is not null).Select(option => (option, option.Part!)))
        {
            text.Append($"\n{(option.IsList ? "Each of " : "")}`{option.Key}` is a `{part.Name}`: {DocComments.Summary(part)}\n");
            AppendTable(text, part, JsonSerializer.SerializeToNode(ComponentsPage.Default(part), part, ComponentJson.Options())!.AsObject());
        }
    }

    private static string Difference(JsonObject preset, JsonObject defaults) => string.Join(", ", preset
        .Where(option => option.Key != "name" && !JsonNode.DeepEquals(option.Value, defaults[option.Key]))
        .Select(option => $"{option.Key} {OptionRow.Show(option.Value)}"));
}
