using System.Text.Json.Nodes;

namespace MlComponents;

/// <summary>What a <see cref="ComponentState"/> holds besides tensors, as JSON has it: it gives the tree its form.</summary>
internal sealed record StateValues
{
    /// <summary>The values by name.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Values { get; init; }

    /// <summary>Those of the parts, by name.</summary>
    public required IReadOnlyDictionary<string, StateValues> Sections { get; init; }
}
