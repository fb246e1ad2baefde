using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlComponents;

/// <summary>
/// Definitions as JSON and back: an object whose key <c>name</c> is the registry's name and whose other keys are the properties in camel case,
/// <c>{ "name": "mlp", "hidden": [512, 256] }</c>; a bare string means all defaults. What isn't mentioned keeps its default.
/// </summary>
public static class ComponentJson
{
    private const string NameKey = "name";

    private static readonly ConditionalWeakTable<ComponentRegistry, JsonSerializerOptions> Cache = [];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Writes a definition with all its properties, defaults included.</summary>
    /// <param name="definition">A definition whose type, and the types of all definitions inside it, are registered.</param>
    /// <param name="registry">Where names are looked up. Null: <see cref="ComponentRegistry.Default"/>.</param>
    /// <returns>An object on one line, its key <c>name</c> first.</returns>
    /// <exception cref="ComponentException">A type isn't registered.</exception>
    public static string Write(ComponentDefinition definition, ComponentRegistry? registry = null) =>
        ToNode(definition, registry ?? ComponentRegistry.Default).ToJsonString(Options(registry));

    /// <summary>Reads a definition and checks its ranges.</summary>
    /// <typeparam name="T">The kind that is expected, e.g. <see cref="NetworkDefinition"/>, or one concrete record.</typeparam>
    /// <param name="json">A JSON object or string.</param>
    /// <param name="registry">Where names are looked up. Null: <see cref="ComponentRegistry.Default"/>.</param>
    /// <exception cref="ComponentException">The text is no JSON, a name or property is unknown or there twice, or a value has the wrong type.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value is out of its range; the message lists all of them.</exception>
    public static T Read<T>(string json, ComponentRegistry? registry = null) where T : ComponentDefinition
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: Strict);
        }
        catch (JsonException e)
        {
            throw new ComponentException($"The description of a component can't be read as JSON: {e.Message}", e);
        }

        var definition = FromNode(node, typeof(T), registry ?? ComponentRegistry.Default);
        definition.Validate();
        return (T)definition;
    }

    /// <summary>Serializer options that know definitions anywhere inside an object, for records that contain some.</summary>
    /// <param name="registry">Where names are looked up. Null: <see cref="ComponentRegistry.Default"/>.</param>
    public static JsonSerializerOptions Options(ComponentRegistry? registry = null) =>
        Cache.GetValue(registry ?? ComponentRegistry.Default, static r => new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            AllowDuplicateProperties = false,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            RespectNullableAnnotations = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Converters = { new DefinitionConverterFactory(r), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepWhatCanBeRead } },
        });

    internal static JsonObject ToNode(ComponentDefinition definition, ComponentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var node = new JsonObject { [NameKey] = registry.NameOf(definition) };
        foreach (var (key, value) in JsonSerializer.SerializeToNode(definition, definition.GetType(), Options(registry))!.AsObject())
            node[key] = value?.DeepClone();
        return node;
    }

    internal static ComponentDefinition FromNode(JsonNode? node, Type expected, ComponentRegistry registry)
    {
        var kind = ComponentRegistry.KindOf(expected);
        var (name, properties) = Split(node, kind);
        var (type, preset) = registry.Find(kind, name);
        var component = $"{ComponentRegistry.KindName(kind)} '{name}'";
        if (!type.IsAssignableTo(expected))
            throw new ComponentException($"The {component} is a {type.Name}, but a {expected.Name} is needed here.");

        var schema = new JsonSchema(Options(registry), component);
        schema.CheckNames(properties, type);
        if (preset is not null)
            properties = Merge(ToNode(preset, registry), properties);

        try
        {
            return (ComponentDefinition)properties.Deserialize(type, Options(registry))!;
        }
        catch (JsonException e)
        {
            throw new ComponentException(schema.Explain(e, properties, type), e);
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
            $"The description of a component of the kind {ComponentRegistry.KindName(kind)} is its name, or an object whose key '{NameKey}' is its name, "
            + $"but this is {JsonSchema.Show(node)}.");
    }

    private static JsonObject Merge(JsonObject preset, JsonObject properties)
    {
        preset.Remove(NameKey);
        foreach (var (key, value) in properties)
            preset[key] = value?.DeepClone();
        return preset;
    }

    /// <summary>A definition is written with its nulls, which may differ from a default, and without what is only computed.</summary>
    private static void KeepWhatCanBeRead(JsonTypeInfo info)
    {
        if (!info.Type.IsAssignableTo(typeof(ComponentDefinition)))
            return;
        foreach (var property in info.Properties.Where(property => property.Set is null).ToList())
            info.Properties.Remove(property);
        foreach (var property in info.Properties)
            property.ShouldSerialize = static (_, _) => true;
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
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var element = JsonElement.ParseValue(ref reader);
            return (T)FromNode(JsonNode.Parse(element.GetRawText(), documentOptions: Strict), typeof(T), registry);
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            ToNode(value, registry).WriteTo(writer, options);
    }
}
