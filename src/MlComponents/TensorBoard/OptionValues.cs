using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlComponents;

/// <summary>The options of a run as flat values, for a table of runs.</summary>
internal static class OptionValues
{
    // These say what is done besides training.
    private static readonly string[] LeftOut = ["callbacks", "checkpoints", "dryRun", "logEvery"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Numbers, booleans and texts by path, e.g. <c>optimizer.learningRate</c>; a component's name stands under that of its option.</summary>
    public static Dictionary<string, object?> Of(TrainingRun run)
    {
        var values = new Dictionary<string, object?> { ["seed"] = run.Seed };
        foreach (var (name, node) in Sections(run))
            Flatten(name, node, values);
        return values;
    }

    /// <summary>The same as JSON in a block of code.</summary>
    public static string Markdown(TrainingRun run)
    {
        var json = new JsonObject { ["seed"] = run.Seed };
        foreach (var (name, node) in Sections(run))
            json[name] = node?.DeepClone();
        return $"```json\n{json.ToJsonString(Indented)}\n```\n";
    }

    private static IEnumerable<(string Name, JsonNode? Node)> Sections(TrainingRun run)
    {
        yield return ("network", Json(run.Definition));
        yield return ("loss", run.Objective.Minimised is { } loss ? Json(loss) : null);
        foreach (var (name, node) in JsonNode.Parse(run.Options.ToJson())!.AsObject())
            if (name != "seed" && !LeftOut.Contains(name))
                yield return (name, node);
    }

    private static JsonNode? Json(ComponentDefinition definition) =>
        ComponentRegistry.Default.Contains(definition) ? JsonNode.Parse(ComponentJson.Write(definition)) : JsonValue.Create(definition.GetType().Name);

    private static void Flatten(string path, JsonNode? node, Dictionary<string, object?> values)
    {
        if (node is JsonObject section)
            foreach (var (key, value) in section)
                Flatten(key == "name" ? path : $"{path}.{key}", value, values);
        else
            values[path] = node?.GetValueKind() switch
            {
                null or JsonValueKind.Null => "none",
                JsonValueKind.True or JsonValueKind.False => node.GetValue<bool>(),
                JsonValueKind.Number => node.GetValue<double>(),
                JsonValueKind.String => node.GetValue<string>(),
                _ => node.ToJsonString(),
            };
    }
}
