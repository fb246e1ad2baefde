using TorchSharp.Modules;

namespace MlComponents.Tests.HouseRules;

[TestClass]
public sealed class ModuleTests
{
    /// <summary>Modules that no definition with its defaults builds: one of each, made here.</summary>
    private static IEnumerable<nn.Module> Others => [new CrossEntropy { ClassWeights = [1, 2, 3] }.Create(3)];

    [TestMethod]
    public void EveryModule_RegistersItsFields()
    {
        var modules = Built().ToList();

        var unregistered = modules.SelectMany(ModuleRegistration.Unregistered).Distinct().ToList();

        Assert.IsEmpty(unregistered, $"not registered: {string.Join(", ", unregistered)}");
    }

    [TestMethod]
    public void EveryModule_IsSeenByTheTestAbove()
    {
        var seen = Built().Select(module => module.GetType()).ToHashSet();

        var unseen = typeof(ComponentDefinition).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(nn.Module)) && !type.IsAbstract && !seen.Contains(type))
            .Select(type => type.Name).ToList();

        Assert.IsEmpty(unseen, $"no definition with its defaults builds {string.Join(", ", unseen)}: add one of each to Others");
    }

    [TestMethod]
    public void AForgottenRegistration_IsFound()
    {
        CollectionAssert.AreEquivalent(new[] { "Forgotten.linear", "Forgotten.weight" }, ModuleRegistration.Unregistered(new Forgotten()).ToArray());
        CollectionAssert.AreEquivalent(new[] { "Captured.<layer>P" }, ModuleRegistration.Unregistered(new Captured(nn.Linear(1, 1))).ToArray());
        CollectionAssert.AreEquivalent(new[] { "Listed.layers" }, ModuleRegistration.Unregistered(new Listed()).ToArray());
    }

    /// <summary>The modules of our assembly inside everything that a built-in network or loss builds.</summary>
    private static IEnumerable<nn.Module> Built()
    {
        var registry = ComponentRegistry.CreateBuiltIn();
        var networks = registry.Names<NetworkDefinition>().Select(name => Read<NetworkDefinition>(name).Create(NetworkContext.Of([3, 32, 32], outputs: 3)));
        var losses = registry.Names<LossDefinition>().Select(name => Read<LossDefinition>(name).Create(outputs: 3));
        return networks.Concat(losses).Concat(Others)
            .SelectMany(module => module.named_modules().Select(pair => pair.module).Prepend(module))
            .Where(module => module.GetType().Assembly == typeof(ComponentDefinition).Assembly);

        T Read<T>(string name) where T : ComponentDefinition => ComponentJson.Read<T>($"\"{name}\"", registry);
    }

    private sealed class Forgotten() : nn.Module<Tensor, Tensor>(nameof(Forgotten))
    {
        private readonly Linear linear = nn.Linear(1, 1);
        private readonly Parameter weight = Weights.Of(zeros(1));

        public override Tensor forward(Tensor x) => linear.call(x) * weight;
    }

    private sealed class Captured(Linear layer) : nn.Module<Tensor, Tensor>(nameof(Captured))
    {
        public override Tensor forward(Tensor x) => layer.call(x);
    }

    private sealed class Listed : nn.Module<Tensor, Tensor>
    {
        private readonly List<Linear> layers = [nn.Linear(1, 1)];

        public Listed() : base(nameof(Listed)) => RegisterComponents();

        public override Tensor forward(Tensor x) => layers[0].call(x);
    }
}
