using System.Text.Json.Nodes;

namespace MlComponents;

/// <summary>Compares what a checkpoint was written for with the run that is to go on from it.</summary>
internal static class CheckpointMismatch
{
    /// <summary>Refuses a checkpoint of another run.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="definition">The run's own <see cref="Checkpoint.Definition"/>.</param>
    /// <exception cref="InvalidDataException">They differ; the message names everything that does, with both values.</exception>
    public static void ThrowIfOtherRun(Checkpoint checkpoint, JsonObject definition)
    {
        if (Differences(checkpoint.Definition, definition) is { Length: > 0 } differences)
            throw new InvalidDataException(
                $"The checkpoint {CheckpointFiles.NameOf(checkpoint.Step)} is of another run: {differences}; choose another folder or the same options.");
    }

    /// <summary>What to warn of where a run goes on in another environment; null where it is the same.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="environment">The run's own <see cref="Checkpoint.Environment"/>.</param>
    public static string? EnvironmentWarning(Checkpoint checkpoint, JsonObject environment) =>
        Differences(checkpoint.Environment, environment) is { Length: > 0 } differences
            ? $"The checkpoint {CheckpointFiles.NameOf(checkpoint.Step)} was written elsewhere: {differences}; the run goes on, but its bits may differ from one that never stopped."
            : null;

    private static string Differences(JsonObject stored, JsonObject own) => string.Join("; ", own.Concat(stored).Select(pair => pair.Key).Distinct()
        .Where(name => !JsonNode.DeepEquals(AsRead(stored[name]), AsRead(own[name])))
        .Select(name => $"{Shown.Text(name)} is {Show(stored, name)}, but here {Show(own, name)}"));

    // What was made here and what was read from a file are equal when their JSON is, whatever type a number has in memory.
    private static JsonNode? AsRead(JsonNode? value) => value is null ? null : JsonNode.Parse(value.ToJsonString());

    private static string Show(JsonObject values, string name) => Shown.Text(values.TryGetPropertyValue(name, out var value) ? value?.ToJsonString() ?? "null" : "missing");
}
