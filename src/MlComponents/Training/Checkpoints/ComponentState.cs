using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MlComponents;

/// <summary>
/// What a part of a run has to remember to go on exactly as if it had never stopped: named tensors, named values that JSON can hold, and the states of parts of its own.
/// </summary>
/// <remarks>It owns its tensors, which are on the CPU and belong to no dispose scope: what was saved stays as it was while training goes on.</remarks>
public sealed class ComponentState : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Dictionary<string, Tensor> tensors = [];
    private readonly Dictionary<string, JsonNode?> values = [];
    private readonly Dictionary<string, ComponentState> sections = [];

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>The values by name, as JSON.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Values => values;

    /// <summary>The states of parts, by name.</summary>
    public IReadOnlyDictionary<string, ComponentState> Sections => sections;

    /// <summary>Remembers a copy of a tensor, on the CPU.</summary>
    public void Set(string name, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        if (tensors.Remove(name, out var old))
            old.Dispose();
        tensors[name] = tensor.detach().to(tensor.dtype, CPU, copy: true).DetachFromDisposeScope();
    }

    /// <summary>Remembers a value: a number, text, truth value, or a list or record of them.</summary>
    public void Set<T>(string name, T value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        values[name] = JsonSerializer.SerializeToNode(value, Json);
    }

    /// <summary>The state of a part, which is created where there is none yet.</summary>
    public ComponentState Section(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!sections.TryGetValue(name, out var section))
            sections[name] = section = new();
        return section;
    }

    /// <summary>A value.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or it is no <typeparamref name="T"/>.</exception>
    public T Get<T>(string name)
    {
        if (!values.TryGetValue(name, out var value))
            throw new InvalidDataException($"The state has no value '{name}'; it has {Shown.Names(values.Keys)}.");
        try
        {
            return value.Deserialize<T>(Json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The state's value '{name}' is {value?.ToJsonString() ?? "null"}, which is no {typeof(T).Name}.", e);
        }
    }

    /// <summary>Overwrites a tensor with the one that was remembered.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, shape and dtype.</exception>
    public void CopyTo(string name, Tensor destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (!tensors.TryGetValue(name, out var source))
            throw new InvalidDataException($"The state has no tensor '{name}'; it has {Shown.Names(tensors.Keys)}.");
        if (source.dtype != destination.dtype || !source.shape.SequenceEqual(destination.shape))
            throw new InvalidDataException(
                $"The state's tensor '{name}' is {source.dtype} {Shown.Shape(source.shape)}, but {destination.dtype} {Shown.Shape(destination.shape)} is needed.");
        using var mode = no_grad();
        destination.copy_(source);
    }

    /// <summary>All tensors, those of the sections included, by their paths (<see cref="StatePath"/>).</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> AllTensors() =>
        ByPath("").SelectMany(section => section.Value.tensors.Select(pair => KeyValuePair.Create(StatePath.Of(section.Key, pair.Key), pair.Value)));

    /// <summary>All values, those of the sections included.</summary>
    internal StateValues AllValues() => new() { Values = values, Sections = sections.ToDictionary(pair => pair.Key, pair => pair.Value.AllValues()) };

    /// <summary>A state of values and tensors, which it takes over.</summary>
    /// <param name="all">What <see cref="AllValues"/> gave.</param>
    /// <param name="paths">What <see cref="AllTensors"/> gave; any dispose scope.</param>
    /// <exception cref="InvalidDataException">A tensor belongs to a section that isn't there.</exception>
    internal static ComponentState Of(StateValues all, IReadOnlyDictionary<string, Tensor> paths)
    {
        var state = new ComponentState();
        state.Take(all);
        var states = state.ByPath("").ToDictionary();
        foreach (var (path, tensor) in paths)
        {
            var (section, name) = StatePath.Split(path);
            if (!states.TryGetValue(section, out var owner) || !owner.tensors.TryAdd(name, tensor))
                throw new InvalidDataException($"The tensor '{Shown.Text(path)}' belongs to no section of the state, or is there twice.");
        }
        foreach (var tensor in paths.Values)
            tensor.DetachFromDisposeScope();
        return state;
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
        foreach (var section in sections.Values)
            section.Dispose();
    }

    private IEnumerable<KeyValuePair<string, ComponentState>> ByPath(string path) =>
        sections.SelectMany(pair => pair.Value.ByPath(StatePath.Of(path, pair.Key))).Prepend(KeyValuePair.Create(path, this));

    private void Take(StateValues all)
    {
        foreach (var (name, value) in all.Values)
            values[name] = value;
        foreach (var (name, section) in all.Sections)
        {
            if (name.Length == 0 || section is null)
                throw new InvalidDataException($"The section '{Shown.Text(name)}' of the state has no name or no content.");
            Section(name).Take(section);
        }
    }
}
