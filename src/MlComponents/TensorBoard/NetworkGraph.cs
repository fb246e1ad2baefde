using System.Globalization;
using Tensorboard;

namespace MlComponents;

/// <summary>
/// The graph of a network as one pass shows it: a node for each module that is called, under the path of its name, with the shape of what it makes. Its inputs come from
/// the modules whose memory it reads; where something was computed in between, which no module tells of, from the module that was called before.
/// </summary>
internal sealed class NetworkGraph
{
    private const int Producer = 22;   // a version of GraphDef that every TensorBoard reads

    private readonly GraphDef graph = new() { Versions = new() { Producer = Producer } };
    private readonly HashSet<string> names = [];
    private readonly Dictionary<nint, string> makers = [];
    private readonly Stack<Call> calls = [];
    private readonly List<Action> hooks = [];
    private string last = "";

    /// <summary>Runs a network once, as it is, with a hook on each module.</summary>
    /// <param name="network">On the CPU.</param>
    /// <param name="inputs">On the CPU, each with the batch as its first dimension.</param>
    /// <param name="inputNames">Their names.</param>
    public static GraphDef Of(nn.Module network, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> inputNames)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        var tracer = new NetworkGraph();
        foreach (var (name, input) in inputNames.Zip(inputs))
            tracer.Add(name, "Placeholder", [], input, parameters: 0);
        try
        {
            foreach (var (path, module) in network.named_modules().Where(named => !ReferenceEquals(named.module, network)).DistinctBy(named => named.module).Append(("", network)))
                tracer.Watch(path.Replace('.', '/'), module);
            NetworkDescriber.Call(network, inputs);
        }
        finally
        {
            tracer.hooks.ForEach(remove => remove());
        }
        return tracer.graph;
    }

    private void Watch(string path, nn.Module module)
    {
        if (ModuleHooks.Before(module, Enter) is { } before && ModuleHooks.After(module, (_, output) => Leave(path, module, output)) is { } after)
            hooks.AddRange([before, after]);
    }

    private void Enter(IReadOnlyList<Tensor> inputs)
    {
        var sources = new List<string>();
        foreach (var input in inputs)
            sources.Add(makers.GetValueOrDefault(Address(input), last));
        calls.Push(new([.. sources.Distinct()], graph.Node.Count));
    }

    private void Leave(string path, nn.Module module, Tensor output)
    {
        var call = calls.Pop();
        var isLeaf = graph.Node.Count == call.Nodes;
        var name = isLeaf && path.Length > 0 ? path : path.Length > 0 ? $"{path}/output" : "output";   // a name can't be a scope's too
        var sources = isLeaf ? call.Sources : [makers.GetValueOrDefault(Address(output), last)];
        Add(name, Kind(module), sources, output, module.named_parameters(recurse: false).Sum(named => named.parameter.numel()));
    }

    private void Add(string name, string kind, IEnumerable<string> sources, Tensor output, long parameters)
    {
        last = Unique(name);
        var node = new NodeDef { Name = last, Op = kind };
        node.Input.Add(sources);
        var shape = new TensorShapeProto();
        foreach (var (i, size) in output.shape.Index())
            shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = i == 0 ? -1 : size });   // any batch
        node.Attr["_output_shapes"] = new() { List = new() { Shape = { shape } } };
        if (parameters > 0)
            node.Attr["parameters"] = new() { I = parameters };
        graph.Node.Add(node);
        makers[Address(output.alias())] = last;   // the alias stays to the end of the pass, so that no other tensor gets its memory
    }

    private string Unique(string name)
    {
        var unique = name;
        for (var i = 1; !names.Add(unique); i++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");   // called again
        return unique;
    }

    private static string Kind(nn.Module module) => module.GetType().Name.Split('`')[0];

    /// <summary>Where the memory begins that a tensor is a view of.</summary>
    private static nint Address(Tensor x)
    {
        using var scope = NewDisposeScope();
        return TensorBytes.Address(x.as_strided([1], [1], 0));
    }

    private sealed record Call(IReadOnlyList<string> Sources, int Nodes);
}
