using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MlComponents;

/// <summary>What a run is, as a checkpoint remembers it: what must be the same where it goes on, and what only may change its bits.</summary>
internal sealed class RunIdentity(TrainingRun run, Objective objective, IProcessGroup group)
{
    // A run with another of these would read other rows, or couldn't take over what is remembered.
    private static readonly string[] Decisive =
    [
        "batchSize", "accumulateBatches", "dropLast", "shuffle", "overfitBatches", "augmentations", "average", "freeze", "parameterGroups", "decayBiasesAndNorms", "precision",
    ];

    // These say where and how often something is written or shown.
    private static readonly string[] Indifferent =
        ["callbacks", "checkpoints", "seed", "network", "optimizer", "sampler", "initialWeights", "device", "logEvery", "dryRun", "prefetching", "memoryBudget"];

    private readonly Lazy<JsonObject> definition = new(() => DefinitionOf(run, group));
    private readonly Lazy<JsonObject> environment = new(() => EnvironmentOf(run, objective));

    /// <summary>Plain values by name, all of which must be the same.</summary>
    public JsonObject Definition => definition.Value;

    /// <summary>Plain values by name; another one may change the bits of the result.</summary>
    public JsonObject Environment => environment.Value;

    private static JsonObject DefinitionOf(TrainingRun run, IProcessGroup group)
    {
        var options = Options(run);
        var definition = new JsonObject
        {
            ["network"] = Json(run.Definition) ?? Name(run.Definition),
            ["weights"] = Weights(run.Network),
            ["optimizer"] = Name(run.Options.Optimizer),
            ["seed"] = run.Seed,
            ["rows"] = run.DataRows,
            ["sampler"] = run.Options.Sampler is { } sampler ? Json(sampler) ?? Name(sampler) : null,
            ["order"] = run.Order,
            ["worldSize"] = group.WorldSize,
        };
        foreach (var name in Decisive)
            definition[name] = options[name]?.DeepClone();
        return definition;
    }

    private static JsonObject EnvironmentOf(TrainingRun run, Objective objective)
    {
        var environment = new JsonObject
        {
            ["threads"] = get_num_threads(),
            ["processor"] = Processor.Name,
            ["device"] = run.Context.Device.ToString(),
            ["libtorch"] = __version__,
        };
        foreach (var (name, value) in Options(run))
            if (!Decisive.Contains(name) && !Indifferent.Contains(name))
                environment[name] = value?.DeepClone();
        environment["optimizerOptions"] = Json(run.Options.Optimizer);
        environment["loss"] = objective.Minimised is { } loss ? Json(loss) : null;
        return environment;
    }

    private static JsonObject Options(TrainingRun run) => JsonNode.Parse(run.Options.ToJson())!.AsObject();

    private static JsonNode? Json(ComponentDefinition definition) => ComponentRegistry.Default.Contains(definition) ? JsonNode.Parse(ComponentJson.Write(definition)) : null;

    private static string Name(ComponentDefinition definition) =>
        ComponentRegistry.Default.Contains(definition) ? ComponentRegistry.Default.NameOf(definition) : "(not registered)";

    /// <summary>How many tensors of how many numbers the network has, and a digest of their names and shapes.</summary>
    private static string Weights(nn.Module network)
    {
        using var scope = NewDisposeScope();
        var tensors = network.state_dict().OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var text = string.Join("\n", tensors.Select(pair => $"{pair.Key} {pair.Value.dtype} {string.Join(",", pair.Value.shape)}"));
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
        return string.Create(CultureInfo.InvariantCulture, $"{tensors.Count} tensors, {tensors.Sum(pair => pair.Value.numel())} numbers, {digest}");
    }
}
