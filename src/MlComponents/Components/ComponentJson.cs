using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MlComponents;

/// <summary>
/// Definitions as JSON and back: an object whose key <c>name</c> is the registry's name and whose other keys are the properties in camel case,
/// <c>{ "name": "mlp", "hidden": [512, 256] }</c>; a bare string means all defaults.
/// </summary>
public static class ComponentJson
{
    private const string NameKey = "name";
    private static readonly ConditionalWeakTable<ComponentRegistry, JsonSerializerOptions> Cache = [];

    /// <summary>Writes a definition.</summary>
    /// <param name="definition">A definition whose type, and the types of all definitions inside it, are registered.</param>
    /// <param name="registry">Where names are looked up. Null: <see cref="ComponentRegistry.Default"/>.</param>
    /// <exception cref="ComponentException">A type isn't registered.</exception>
    public static string Write(ComponentDefinition definition, ComponentRegistry? registry = null) =>
        ToNode(definition, registry ?? ComponentRegistry.Default).ToJsonString(Options(registry));

    /// <summary>Reads a definition and checks its ranges.</summary>
    /// <typeparam name="T">The kind that is expected, e.g. <see cref="NetworkDefinition"/>, or one concrete record.</typeparam>
    /// <param name="json">A JSON object or string.</param>
    /// <param name="registry">Where names are looked up. Null: <see cref="ComponentRegistry.Default"/>.</param>
    /// <exception cref="ComponentException">The text is no JSON, a name or property is unknown, or a value has the wrong type.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value is out of its range.</exception>
    public static T Read<T>(string json, ComponentRegistry? registry = null) where T : ComponentDefinition
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json);
        }
        catch (JsonException e)
        {
            throw new ComponentException($"The description of a component is no JSON: {e.Message}", e);
        }

        var definition = FromNode(node, typeof(T), registry ?? ComponentRegistry.Default);
        definition.Validate();
        return definition as T
            ?? throw new ComponentException($"The description is of a {definition.GetType().Name}, but a {typeof(T).Name} is needed.");
    }

    /// <summary>Serializer options that know definitions anywhere inside an object, for records that contain some.</summary>
    /// <param name="registry">Where names are looked up. Null: <see cref="ComponentRegistry.Default"/>.</param>
    public static JsonSerializerOptions Options(ComponentRegistry? registry = null) =>
        Cache.GetValue(registry ?? ComponentRegistry.Default, static r => new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Converters = { new DefinitionConverterFactory(r), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        });

    internal static JsonObject ToNode(ComponentDefinition definition, ComponentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var node = new JsonObject { [NameKey] = registry.NameOf(definition) };
        var properties = JsonSerializer.SerializeToNode(definition, definition.GetType(), Options(registry))!.AsObject();
        foreach (var (key, value) in properties.ToList())
        {
            properties.Remove(key);
            node[key] = value;
        }
        return node;
    }

    internal static ComponentDefinition FromNode(JsonNode? node, Type expected, ComponentRegistry registry)
    {
        var kind = ComponentRegistry.KindOf(expected);
        var (name, properties) = Split(node, kind);
        var (type, preset) = registry.Find(kind, name);
        CheckNames(properties, type, $"{ComponentRegistry.KindName(kind)} '{name}'", registry);

        if (preset is not null)
        {
            var merged = ToNode(preset, registry);
            merged.Remove(NameKey);
            foreach (var (key, value) in properties)
                merged[key] = value?.DeepClone();
            properties = merged;
        }

        try
        {
            return (ComponentDefinition)properties.Deserialize(type, Options(registry))!;
        }
        catch (JsonException e)
        {
            var path = e.Path is null or "$" ? "a property" : $"the property '{e.Path[2..]}'";
            throw new ComponentException($"In the {ComponentRegistry.KindName(kind)} '{name}', {path} has a value that isn't allowed there: {e.Message}", e);
        }
    }

    private static (string Name, JsonObject Properties) Split(JsonNode? node, Type kind)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var bare))
            return (bare, []);
        if (node is JsonObject map && map[NameKey] is JsonValue key && key.TryGetValue<string>(out var name))
        {
            var properties = map.DeepClone().AsObject();
            properties.Remove(NameKey);
            return (name, properties);
        }
        throw new ComponentException(
            $"A {ComponentRegistry.KindName(kind)} is described by its name or by an object with a text '{NameKey}', but this is {node?.ToJsonString() ?? "null"}.");
    }

    private static void CheckNames(JsonObject properties, Type type, string component, ComponentRegistry registry)
    {
        var known = Options(registry).GetTypeInfo(type).Properties.Select(p => p.Name).ToList();
        foreach (var (key, _) in properties)
            if (!known.Contains(key))
                throw new ComponentException($"The {component} has no property '{key}'{NearestName.Hint(key, known)} It has: {string.Join(", ", known)}.");
    }

    /// <summary>Reads and writes properties that are declared as a kind, e.g. a network inside a loss.</summary>
    private sealed class DefinitionConverterFactory(ComponentRegistry registry) : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAbstract && typeToConvert.IsAssignableTo(typeof(ComponentDefinition));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(DefinitionConverter<>).MakeGenericType(typeToConvert), registry)!;
    }

    private sealed class DefinitionConverter<T>(ComponentRegistry registry) : JsonConverter<T> where T : ComponentDefinition
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (T)FromNode(JsonNode.Parse(ref reader), typeof(T), registry);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            ToNode(value, registry).WriteTo(writer, options);
    }
}
