using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MlComponents;

/// <summary>
/// Which name stands for which definition record. Files contain names only: what isn't registered here is never built.
/// </summary>
/// <remarks>Names are unique per kind (network, layer, loss, metric, operation, optimizer, schedule, callback). Safe to use from several threads.</remarks>
public sealed partial class ComponentRegistry
{
    private readonly Lock gate = new();
    private readonly Dictionary<(Type Kind, string Name), (Type Type, ComponentDefinition? Preset)> components = [];
    private readonly Dictionary<Type, string> names = [];

    /// <summary>The registry that everything uses unless told otherwise; it holds the built-in components.</summary>
    public static ComponentRegistry Default { get; } = CreateBuiltIn();

    /// <summary>A new registry with the built-in components only.</summary>
    public static ComponentRegistry CreateBuiltIn() => BuiltInComponents.AddTo(new ComponentRegistry());

    /// <summary>Registers a definition record under a name. The same pair again changes nothing.</summary>
    /// <typeparam name="T">A concrete record derived from one of the kinds, e.g. <see cref="NetworkDefinition"/>.</typeparam>
    /// <param name="name">Lower case letters and digits in words joined by hyphens, starting with a letter, e.g. <c>my-network</c>.</param>
    /// <returns>This registry, for the next call.</returns>
    /// <exception cref="ArgumentException">The name is malformed or stands for another type, or the type has another name or can't be a component.</exception>
    public ComponentRegistry Add<T>(string name) where T : ComponentDefinition => Add(typeof(T), name);

    /// <summary>Registers a preset: a name for a definition with some of its properties set, e.g. <c>resnet18</c>.</summary>
    /// <param name="name">As for <see cref="Add{T}"/>; it is read, never written.</param>
    /// <param name="definition">A definition whose type is registered.</param>
    /// <returns>This registry, for the next call.</returns>
    /// <exception cref="ArgumentException">The name is malformed or taken.</exception>
    /// <exception cref="ComponentException">The definition's type isn't registered.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value of the definition is out of its range.</exception>
    public ComponentRegistry AddPreset(string name, ComponentDefinition definition)
    {
        CheckName(name);
        NameOf(definition);
        definition.Validate();
        var kind = KindOf(definition.GetType());
        lock (gate)
            if (!components.TryAdd((kind, name), (definition.GetType(), definition)))
                throw new ArgumentException($"The {KindName(kind)} name '{name}' is taken.", nameof(name));
        return this;
    }

    /// <summary>Registers every record of an assembly that carries a <see cref="ComponentAttribute"/>.</summary>
    /// <returns>This registry, for the next call.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Add{T}"/>.</exception>
    public ComponentRegistry AddAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes())
            if (type.GetCustomAttribute<ComponentAttribute>() is { } attribute)
                Add(type, attribute.Name);
        return this;
    }

    /// <summary>The names known for a kind, presets included, sorted.</summary>
    /// <typeparam name="TKind">A kind, e.g. <see cref="NetworkDefinition"/>.</typeparam>
    public IReadOnlyList<string> Names<TKind>() where TKind : ComponentDefinition => Names(KindOf(typeof(TKind)));

    /// <summary>The name of a definition's type.</summary>
    /// <exception cref="ComponentException">The type isn't registered.</exception>
    public string NameOf(ComponentDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var type = definition.GetType();
        lock (gate)
            if (names.TryGetValue(type, out var name))
                return name;

        throw new ComponentException(definition is LambdaNetwork
            ? "The network was handed over as a function, which can't be saved: it has no name under which it could be built again. "
                + "Write it as a record derived from NetworkDefinition and register that: ComponentRegistry.Default.Add<MyNetwork>(\"my-network\")."
            : $"The {KindName(KindOf(type))} {type.Name} isn't registered, so it can't be written: register it with "
                + $"ComponentRegistry.Default.Add<{type.Name}>(\"a-name\").");
    }

    /// <summary>Whether a definition can be written: its type is registered, and so are those of the definitions inside it.</summary>
    public bool Contains(ComponentDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        lock (gate)
            return OptionsValidation.Components(definition).All(component => names.ContainsKey(component.GetType()));
    }

    /// <summary>The type behind a name, and the preset's definition where the name is a preset's.</summary>
    /// <exception cref="ComponentException">The name is unknown; the message has the nearest known one and the call that registers it.</exception>
    internal (Type Type, ComponentDefinition? Preset) Find(Type kind, string name)
    {
        lock (gate)
            if (components.TryGetValue((kind, name), out var component))
                return component;

        var known = Names(kind);
        var example = name.Length <= 40 && NamePattern().IsMatch(name) ? name : "a-name";
        throw new ComponentException(
            $"There is no {KindName(kind)} named '{JsonSchema.Clip(name)}'{NearestName.Hint(name, known)} Known are: {string.Join(", ", known)}. "
            + $"If it is your own, register it first: ComponentRegistry.Default.Add<My{KindWord(kind)}>(\"{example}\").");
    }

    /// <summary>The abstract record directly below <see cref="ComponentDefinition"/> that a type derives from.</summary>
    internal static Type KindOf(Type type)
    {
        for (var kind = type; kind is not null; kind = kind.BaseType)
            if (kind.BaseType == typeof(ComponentDefinition))
                return kind;
        throw new ArgumentException($"{type.Name} isn't derived from a kind of component such as NetworkDefinition.", nameof(type));
    }

    /// <summary>What a kind is called in a sentence, e.g. <c>network</c> or <c>weight average</c>.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "A word for a sentence, not a key.")]
    internal static string KindName(Type kind) =>
        string.Concat(KindWord(kind).Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {letter}" : $"{letter}")).ToLowerInvariant();

    private static string KindWord(Type kind) => kind.Name.Replace("Definition", "", StringComparison.Ordinal);

    /// <inheritdoc cref="Names{TKind}"/>
    internal List<string> Names(Type kind)
    {
        lock (gate)
            return [.. components.Keys.Where(key => key.Kind == kind).Select(key => key.Name).Order(StringComparer.Ordinal)];
    }

    private ComponentRegistry Add(Type type, string name)
    {
        CheckName(name);
        var kind = KindOf(type);
        if (type.IsAbstract || type.ContainsGenericParameters)
            throw new ArgumentException($"{type.Name} can't be registered: only a concrete record can be built.", nameof(type));
        if (type.GetProperties().Any(property => property.Name == "Name"))
            throw new ArgumentException($"{type.Name} has a property Name, which a file needs for the component's own name; call it something else.", nameof(type));

        lock (gate)
        {
            if (components.TryGetValue((kind, name), out var taken) && (taken.Type != type || taken.Preset is not null))
                throw new ArgumentException($"The {KindName(kind)} name '{name}' stands for another component already.", nameof(name));
            if (names.TryGetValue(type, out var other) && other != name)
                throw new ArgumentException($"{type.Name} is registered as '{other}' already.", nameof(name));
            components[(kind, name)] = (type, null);
            names[type] = name;
        }
        return this;
    }

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!NamePattern().IsMatch(name))
            throw new ArgumentException($"'{name}' is no name for a component: lower case letters and digits in words joined by hyphens, starting with a letter.", nameof(name));
    }

    [GeneratedRegex(@"^[a-z][a-z0-9]*(-[a-z0-9]+)*\z")]
    private static partial Regex NamePattern();
}
