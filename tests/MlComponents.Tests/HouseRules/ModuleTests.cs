using MlComponents.Tests.Layers;
using TorchSharp.Modules;

namespace MlComponents.Tests.HouseRules;

[TestClass]
public sealed class ModuleTests
{
    /// <summary>Modules that no definition with its defaults builds: one of each, made here.</summary>
    private static IEnumerable<nn.Module> Others =>
    [
        new CrossEntropy { ClassWeights = [1, 2, 3] }.Create(3),
        new Dice { ClassWeights = [1, 2, 3] }.Create(3),
        new TransformerClassifier { Categories = [2] }.Create(NetworkContext.Of([2], outputs: 2)),
        new TransformerClassifier { Vocabulary = 2 }.Create(NetworkContext.Of([2], outputs: 2)),
        new Tmo { Encoder = TmoEncoder.MitB1, Motion = false }.Create(Context([3, 32, 32], Tmo.ImageName)),
        new Replicas(nn.Linear(1, 1), [CPU, CPU], _ => nn.Linear(1, 1)).Module,
        new Replicas(new BiSeNetV2().Create(NetworkContext.Of([3, 32, 32], outputs: 3)), [CPU, CPU], _ => nn.Linear(1, 1)).Module,
    ];

    [TestMethod]
    public void EveryModule_RegistersItsFields()
    {
        List<string> unregistered = [];
        ForEach(module => unregistered.AddRange(ModuleRegistration.Unregistered(module)));

        Assert.IsEmpty(unregistered, $"not registered: {string.Join(", ", unregistered.Distinct())}");
    }

    [TestMethod]
    public void EveryModule_IsSeenByTheTestAbove()
    {
        HashSet<Type> seen = [];
        ForEach(module => seen.Add(module.GetType()));

        var unseen = typeof(ComponentDefinition).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(nn.Module)) && !type.IsAbstract && !seen.Contains(type))
            .Select(type => type.Name).ToList();

        Assert.IsNotEmpty(seen);
        Assert.IsEmpty(unseen, $"no definition with its defaults builds {string.Join(", ", unseen)}: add one of each to Others");
    }

    [TestMethod]
    public void AForgottenRegistration_IsFound()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(1, 1);
        using var forgotten = new Forgotten(layer);
        using var captured = new Captured(layer);
        using var listed = new Listed(layer);

        CollectionAssert.AreEquivalent(new[] { "Forgotten.linear", "Forgotten.weight" }, ModuleRegistration.Unregistered(forgotten).ToArray());
        CollectionAssert.AreEquivalent(new[] { "Captured.<layer>P" }, ModuleRegistration.Unregistered(captured).ToArray());
        CollectionAssert.AreEquivalent(new[] { "Listed.layers" }, ModuleRegistration.Unregistered(listed).ToArray());
    }

    /// <summary>A network for the first kind of examples that it takes: pictures or rows.</summary>
    private static nn.Module Create(NetworkDefinition network)
    {
        long[][] shapes = [[3, 32, 32], [8]];
        foreach (var shape in shapes[..^1])
            try
            {
                return network.Create(Context(shape, [.. network.InputNames]));
            }
            catch (ArgumentException)
            {
                // the next shape
            }
        return network.Create(Context(shapes[^1], [.. network.InputNames]));
    }

    /// <summary>Visits the modules of our assembly inside everything that a built-in network, layer or loss builds.</summary>
    private static void ForEach(Action<nn.Module> visit)
    {
        var registry = ComponentRegistry.CreateBuiltIn();
        var networks = registry.Names<NetworkDefinition>().Select(Read<NetworkDefinition>).DistinctBy(network => network.GetType()).Select(Create);
        var losses = registry.Names<LossDefinition>().Select(name => Read<LossDefinition>(name).Create(outputs: 3));
        var layers = LayerExamples.All.Select(example => example.Definition.Create(example.Shape));
        foreach (var built in networks.Concat(losses).Concat(layers).Concat(Others))
            using (built)
                foreach (var module in built.named_modules().Select(pair => pair.module).Append(built).Distinct())
                    if (module.GetType().Assembly == typeof(ComponentDefinition).Assembly)
                        visit(module);

        T Read<T>(string name) where T : ComponentDefinition => ComponentJson.Read<T>($"\"{name}\"", registry);
    }

    private static NetworkContext Context(long[] shape, params string[] inputs) => new() { Inputs = inputs.ToDictionary(name => name, _ => shape), Outputs = 3 };

    private sealed class Forgotten(Linear layer) : nn.Module<Tensor, Tensor>(nameof(Forgotten))
    {
        private readonly Linear linear = layer;
        private readonly Parameter weight = new(zeros(1));

        public override Tensor forward(Tensor x) => linear.call(x) * weight;
    }

    private sealed class Captured(Linear layer) : nn.Module<Tensor, Tensor>(nameof(Captured))
    {
        public override Tensor forward(Tensor x) => layer.call(x);
    }

    private sealed class Listed : nn.Module<Tensor, Tensor>
    {
        private readonly List<Linear> layers;

        public Listed(Linear layer) : base(nameof(Listed))
        {
            layers = [layer];
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => layers[0].call(x);
    }
}
