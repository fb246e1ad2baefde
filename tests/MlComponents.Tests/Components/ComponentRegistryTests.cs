using System.ComponentModel.DataAnnotations;
using ThirdParty;

namespace MlComponents.Tests.Components;

[TestClass]
public sealed class ComponentRegistryTests
{
    [TestMethod]
    public void BuiltIn_HoldsEveryPublicDefinitionOfTheAssembly()
    {
        foreach (var type in Definitions.Registered)
            Assert.IsTrue(ComponentRegistry.Default.Contains(Definitions.Create(type)), $"{type.Name} isn't registered");
    }

    [TestMethod]
    public void Add_OfAnotherAssemblysNetwork_BuildsItByName()
    {
        var registry = ComponentRegistry.CreateBuiltIn().Add<Bottleneck>("bottleneck");

        var definition = ComponentJson.Read<NetworkDefinition>("""{ "name": "bottleneck", "width": 3 }""", registry);

        using var scope = NewDisposeScope();
        using var network = (nn.Module<Tensor, Tensor>)definition.Create(NetworkContext.Of([4], outputs: 2));
        Assert.AreEqual(new Bottleneck { Width = 3 }, definition);
        CollectionAssert.AreEqual(new long[] { 5, 2 }, network.call(randn(5, 4)).shape);
        Assert.AreEqual("bottleneck", registry.NameOf(definition));
        Assert.Contains("bottleneck", registry.Names<NetworkDefinition>());
        Assert.DoesNotContain("bottleneck", ComponentRegistry.CreateBuiltIn().Names<NetworkDefinition>());
    }

    [TestMethod]
    public void AddAssembly_OfAnotherAssembly_RegistersWhatCarriesTheAttribute()
    {
        var registry = ComponentRegistry.CreateBuiltIn().AddAssembly(typeof(Residual).Assembly).AddAssembly(typeof(Residual).Assembly);

        using var scope = NewDisposeScope();
        using var network = (nn.Module<Tensor, Tensor>)ComponentJson.Read<NetworkDefinition>("\"residual\"", registry).Create(NetworkContext.Of([4], outputs: 2));
        CollectionAssert.AreEqual(new long[] { 5, 2 }, network.call(randn(5, 4)).shape);
        Assert.AreEqual(0.75, ComponentJson.Read<ScheduleDefinition>("\"linear-decay\"", registry).Factor(new(5, 10, 1)));
        Assert.IsFalse(registry.Contains(new Bottleneck()));
    }

    [TestMethod]
    public void AnotherAssemblysNetwork_WithoutRegistration_TrainsButIsNotWritten()
    {
        var error = Assert.ThrowsExactly<ComponentException>(() => ComponentJson.Write(new Bottleneck()));

        Assert.AreEqual("The network Bottleneck isn't registered, so it can't be written: register it with ComponentRegistry.Default.Add<Bottleneck>(\"a-name\").", error.Message);
    }

    [TestMethod]
    public void NameOf_ANetworkFromAFunction_SaysWhatToDo()
    {
        var error = Assert.ThrowsExactly<ComponentException>(() => ComponentRegistry.Default.NameOf(NetworkDefinition.From(_ => nn.ReLU())));

        Assert.StartsWith("The network was handed over as a function, which can't be saved", error.Message);
        Assert.Contains("ComponentRegistry.Default.Add<MyNetwork>(\"my-network\")", error.Message);
    }

    [TestMethod]
    public void AddPreset_OfADefinition_IsReadUnderItsNameAndWrittenUnderTheTypes()
    {
        var registry = ComponentRegistry.CreateBuiltIn().AddPreset("wide-mlp", new Mlp { Hidden = [1024], Dropout = 0.5 });

        var mlp = (Mlp)ComponentJson.Read<NetworkDefinition>("""{ "name": "wide-mlp", "dropout": 0.1 }""", registry);

        Assert.AreEqual(1024, mlp.Hidden.Single());
        Assert.AreEqual(0.1, mlp.Dropout);
        Assert.AreEqual(0.5, ((Mlp)ComponentJson.Read<NetworkDefinition>("\"wide-mlp\"", registry)).Dropout);
        Assert.StartsWith("{\"name\":\"mlp\",", ComponentJson.Write(mlp, registry));
        Assert.Contains("wide-mlp", registry.Names<NetworkDefinition>());
    }

    [TestMethod]
    public void AddPreset_ThatCannotBeUsed_IsRefused()
    {
        var registry = ComponentRegistry.CreateBuiltIn();

        Assert.ThrowsExactly<ArgumentException>(() => registry.AddPreset("mlp", new ConvNet()));
        Assert.ThrowsExactly<ArgumentException>(() => registry.AddPreset("Wide", new Mlp()));
        Assert.ThrowsExactly<ComponentException>(() => registry.AddPreset("narrow", new Bottleneck()));
        Assert.ThrowsExactly<ValidationException>(() => registry.AddPreset("wrong", new Mlp { Dropout = 2 }));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("My-Network")]
    [DataRow("2-layers")]
    [DataRow("a--b")]
    [DataRow("a-")]
    [DataRow("a_b")]
    [DataRow("mlp\n")]
    [DataRow("naïve")]
    public void Add_OfAMalformedName_SaysWhatANameIs(string name)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => ComponentRegistry.CreateBuiltIn().Add<Bottleneck>(name));

        Assert.StartsWith($"'{name}' is no name for a component: lower case letters and digits in words joined by hyphens, starting with a letter.", error.Message);
    }

    [TestMethod]
    public void Add_ThatConflicts_IsRefusedAndChangesNothing()
    {
        var registry = ComponentRegistry.CreateBuiltIn().AddPreset("wide-mlp", new Mlp { Hidden = [1024] });
        var before = registry.Names<NetworkDefinition>();

        var taken = Assert.ThrowsExactly<ArgumentException>(() => registry.Add<Bottleneck>("mlp"));
        var renamed = Assert.ThrowsExactly<ArgumentException>(() => registry.Add<Mlp>("perceptron"));
        var preset = Assert.ThrowsExactly<ArgumentException>(() => registry.Add<Mlp>("wide-mlp"));

        Assert.StartsWith("The network name 'mlp' stands for another component already.", taken.Message);
        Assert.StartsWith("Mlp is registered as 'mlp' already.", renamed.Message);
        Assert.StartsWith("The network name 'wide-mlp' stands for another component already.", preset.Message);
        CollectionAssert.AreEqual(before.ToArray(), registry.Names<NetworkDefinition>().ToArray());
        Assert.IsFalse(registry.Contains(new Bottleneck()));
        registry.Add<Mlp>("mlp");
    }

    [TestMethod]
    public void Add_OfTheSameNameForAnotherKind_IsFine()
    {
        var registry = ComponentRegistry.CreateBuiltIn().Add<LinearDecay>("mlp");

        Assert.AreEqual(new LinearDecay(), ComponentJson.Read<ScheduleDefinition>("\"mlp\"", registry));
        Assert.IsInstanceOfType<Mlp>(ComponentJson.Read<NetworkDefinition>("\"mlp\"", registry));
    }

    [TestMethod]
    public void Add_OfWhatCannotBeBuilt_SaysWhy()
    {
        var registry = ComponentRegistry.CreateBuiltIn();

        var named = Assert.ThrowsExactly<ArgumentException>(() => registry.Add<Named>("named"));
        var kind = Assert.ThrowsExactly<ArgumentException>(() => registry.Add<NetworkDefinition>("network"));

        Assert.StartsWith("Named has a property Name, which a file needs for the component's own name; call it something else.", named.Message);
        Assert.StartsWith("NetworkDefinition can't be registered: only a concrete record can be built.", kind.Message);
    }

    [TestMethod]
    public void Add_FromSeveralThreads_KeepsAll()
    {
        var registry = ComponentRegistry.CreateBuiltIn();
        var before = registry.Names<NetworkDefinition>().Count;

        Parallel.For(0, 200, i => registry.AddPreset($"preset-{i}", new Mlp { Hidden = [i + 1] }));

        Assert.HasCount(before + 200, registry.Names<NetworkDefinition>());
    }

    private sealed record Named : ScheduleDefinition
    {
        public string Name { get; init; } = "";

        public override double Factor(SchedulePosition position) => 1;
    }
}
