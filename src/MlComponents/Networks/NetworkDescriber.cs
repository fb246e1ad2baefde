using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace MlComponents;

/// <summary>Describes whole networks by building one and passing a batch of one through it, with a hook on each module that sees what it makes.</summary>
internal static class NetworkDescriber
{
    // A definition never changes, so what it builds for a context doesn't either.
    private static readonly ConditionalWeakTable<NetworkDefinition, ConcurrentDictionary<string, ModuleDescription>> Cache = [];

    public static ModuleDescription Describe(NetworkDefinition definition, NetworkContext context) =>
        Cache.GetOrCreateValue(definition).GetOrAdd(Key(context), _ => Look(definition, context, (network, inputs) => Measure(definition, context, network, inputs)));

    private static string Key(NetworkContext context) =>
        $"{context.Outputs}: {string.Join("; ", context.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal).Select(input => $"{input.Key} {string.Join(",", input.Value)}"))}";

    /// <summary>Builds the network on the CPU, in eval mode and without gradients, and looks at it.</summary>
    /// <param name="definition">What to build.</param>
    /// <param name="context">As for <see cref="NetworkDefinition.Create"/>.</param>
    /// <param name="look">Takes the network and zeros for one example of each input.</param>
    public static T Look<T>(NetworkDefinition definition, NetworkContext context, Func<nn.Module, Tensor[], T> look)
    {
        using var randomness = new RandomState(seed: 0);   // building draws weights, which are nobody's business
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = definition.Create(context with { Device = CPU, DType = ScalarType.Float32 });
        network.eval();

        return look(network, [.. definition.InputNames.Select(name => zeros([1, .. definition.ShapeSeen(ShapeOf(context, name))]))]);
    }

    /// <summary>Calls a network of one or two inputs.</summary>
    /// <exception cref="ArgumentException">It takes others.</exception>
    public static Tensor Call(nn.Module network, IReadOnlyList<Tensor> inputs) => (network, inputs) switch
    {
        (nn.Module<Tensor, Tensor> unary, [var x]) => unary.call(x),
        (nn.Module<Tensor, Tensor, Tensor> binary, [var x, var y]) => binary.call(x, y),
        _ => throw new ArgumentException(
            $"The network {network.GetName()} can't be described: with {inputs.Count} inputs it must be a Module from {inputs.Count} tensors to one, for one or two inputs."),
    };

    private static ModuleDescription Measure(NetworkDefinition definition, NetworkContext context, nn.Module network, Tensor[] inputs)
    {
        var calls = new Dictionary<nn.Module, List<ModuleCall>>(ReferenceEqualityComparer.Instance);
        var modules = network.named_modules().ToList();
        foreach (var (_, module) in modules.Append(("", network)))
            Watch(module, calls);
        var output = Call(network, inputs);

        var parts = modules.ConvertAll(named => Part(named.name, named.module, Owner(named.name), CallsOf));
        var own = MultiplyAdds.Of(network, owner: null, CallsOf);
        var parameters = network.parameters().Sum(parameter => parameter.numel());
        return new()
        {
            Kind = definition.GetType().Name,
            InputShape = [.. ShapeOf(context, definition.InputNames[0])],   // of our own, because the description is remembered
            OutputShape = output.shape[1..],
            Parameters = parameters,
            Buffers = network.state_dict().Values.Sum(tensor => tensor.numel()) - parameters,
            MultiplyAdds = (own ?? 0) + parts.Sum(part => part.MultiplyAdds ?? 0),
            HasUncounted = own is null || parts.Exists(part => part.MultiplyAdds is null),
            Parts = parts,
        };

        IReadOnlyList<ModuleCall> CallsOf(nn.Module module) => calls.GetValueOrDefault(module) ?? [];

        nn.Module? Owner(string path) => modules.Where(other => path.StartsWith($"{other.name}.", StringComparison.Ordinal) && !MultiplyAdds.IsTorchSharps(other.module))
            .OrderBy(other => other.name.Length).Select(other => other.module).LastOrDefault() ?? (MultiplyAdds.IsTorchSharps(network) ? null : network);
    }

    private static ModulePart Part(string path, nn.Module module, nn.Module? owner, Func<nn.Module, IReadOnlyList<ModuleCall>> calls) => new(
        path, module.GetType().Name, calls(module) is [.., var last] ? last.Output[1..] : null, module.named_parameters(recurse: false).Sum(named => named.parameter.numel()),
        MultiplyAdds.Of(module, owner, calls));

    private static void Watch(nn.Module module, Dictionary<nn.Module, List<ModuleCall>> calls)
    {
        if (module is nn.Module<Tensor, Tensor> unary)
            unary.register_forward_hook((_, x, y) => Note(x, y));
        else if (module is nn.Module<Tensor, Tensor, Tensor> binary)
            binary.register_forward_hook((_, x, _, y) => Note(x, y));

        Tensor Note(Tensor x, Tensor y)
        {
            if (!calls.TryGetValue(module, out var own))
                calls[module] = own = [];
            own.Add(new(x.shape, y.shape));
            return y;
        }
    }

    private static long[] ShapeOf(NetworkContext context, string name) => context.Inputs.TryGetValue(name, out var shape)
        ? shape
        : throw new ArgumentException($"The network takes an input '{name}', but the context has {string.Join(", ", context.Inputs.Keys)}.", nameof(context));
}
