using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ThirdParty;

namespace MlComponents.Tests.Components;

[TestClass]
public sealed class ComponentJsonTests
{
    private static readonly ComponentRegistry Registry = ComponentRegistry.CreateBuiltIn().AddAssembly(typeof(Residual).Assembly);

    [TestMethod]
    public void Read_OfABareString_GivesAllDefaults() => Assert.AreEqual(new AdamW(), ComponentJson.Read<OptimizerDefinition>("\"adamw\""));

    [TestMethod]
    public void Read_OfAnObject_SetsWhatItMentions()
    {
        var mlp = (Mlp)ComponentJson.Read<NetworkDefinition>("""{ "hidden": [512, 256], "activation": "gelu", "name": "mlp" }""");

        CollectionAssert.AreEqual(new[] { 512, 256 }, mlp.Hidden.ToArray());
        Assert.AreEqual(Activation.Gelu, mlp.Activation);
        Assert.AreEqual(0.0, mlp.Dropout);
    }

    [TestMethod]
    public void Write_OfADefinition_HasNameFirstCamelCaseAndNulls() => Assert.AreEqual(
        """{"name":"mlp","hidden":[3],"normalization":{"name":"none"},"activation":"relu","dropout":0.25,"inputShape":null}""",
        ComponentJson.Write(new Mlp { Hidden = [3], Dropout = 0.25 }));

    [TestMethod]
    public void Write_UnderAnotherCulture_IsTheSame()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Contains("\"gamma\":0.5", ComponentJson.Write(new Step { Gamma = 0.5 }));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    [TestMethod]
    public void Read_OfNullWhereTheDefaultIsAnother_KeepsNull()
    {
        var text = ComponentJson.Write(new LinearDecay { End = null }, Registry);

        Assert.IsNull(((LinearDecay)ComponentJson.Read<ScheduleDefinition>(text, Registry)).End);
    }

    [TestMethod]
    public void Read_OfADefinitionInsideAnother_BuildsBoth()
    {
        var residual = ComponentJson.Read<Residual>("""{ "name": "residual", "decay": { "name": "step", "every": 3 } }""", Registry);
        var bare = ComponentJson.Read<Residual>("""{ "name": "residual", "decay": "linear-decay" }""", Registry);

        Assert.AreEqual(new Step { Every = 3 }, residual.Decay);
        Assert.AreEqual(new LinearDecay(), bare.Decay);
        Assert.AreEqual(residual, ComponentJson.Read<NetworkDefinition>(ComponentJson.Write(residual, Registry), Registry));
    }

    [TestMethod]
    [DataRow("""{ "name": "mlpp" }""", "There is no network named 'mlpp'; did you mean 'mlp'? Known are: {networks}. "
        + "If it is your own, register it first: ComponentRegistry.Default.Add<MyNetwork>(\"mlpp\").")]
    [DataRow("\"Conv Net\"", "There is no network named 'Conv Net'; did you mean 'convnet'? Known are: {networks}. "
        + "If it is your own, register it first: ComponentRegistry.Default.Add<MyNetwork>(\"a-name\").")]
    [DataRow("\"adamw\"", "There is no network named 'adamw'. Known are: {networks}. "
        + "If it is your own, register it first: ComponentRegistry.Default.Add<MyNetwork>(\"adamw\").")]
    [DataRow("""{ "name": "mlp", "hiden": [1] }""", "The network 'mlp' has no property 'hiden'; did you mean 'hidden'? Known are: hidden, normalization, activation, dropout, inputShape.")]
    [DataRow("""{ "name": "mlp", "Hidden": [1] }""", "The network 'mlp' has no property 'Hidden'; did you mean 'hidden'? Known are: hidden, normalization, activation, dropout, inputShape.")]
    [DataRow("""{ "name": "convnet", "blocks": [{}, { "chanels": 1 }] }""", "The network 'convnet' has no property 'blocks[1].chanels'; did you mean 'channels'? "
        + "Known are: channels, convolutions, kernelSize, normalization, pool.")]
    [DataRow("""{ "name": "mlp", "dropout": "0.5" }""", "In the network 'mlp' 'dropout' is \"0.5\"; allowed is a number.")]
    [DataRow("""{ "name": "mlp", "hidden": null }""", "In the network 'mlp' 'hidden' is null; allowed is a list, each element a whole number from -2147483648 to 2147483647.")]
    [DataRow("""{ "name": "mlp", "hidden": [64, 99999999999] }""", "In the network 'mlp' 'hidden[1]' is 99999999999; allowed is a whole number from -2147483648 to 2147483647.")]
    [DataRow("""{ "name": "mlp", "hidden": [64.5] }""", "In the network 'mlp' 'hidden[0]' is 64.5; allowed is a whole number from -2147483648 to 2147483647.")]
    [DataRow("""{ "name": "mlp", "hidden": 64 }""", "In the network 'mlp' 'hidden' is 64; allowed is a list, each element a whole number from -2147483648 to 2147483647.")]
    [DataRow("""{ "name": "mlp", "activation": "rleu" }""", "In the network 'mlp' 'activation' is \"rleu\"; allowed is one of relu, gelu, silu, tanh, sigmoid, leaky-relu, elu, relu6, hard-swish, hard-sigmoid, mish.")]
    [DataRow("""{ "name": "mlp", "activation": 1 }""", "In the network 'mlp' 'activation' is 1; allowed is one of relu, gelu, silu, tanh, sigmoid, leaky-relu, elu, relu6, hard-swish, hard-sigmoid, mish.")]
    [DataRow("""{ "name": "convnet", "blocks": [{ "pool": true }] }""", "In the network 'convnet' 'blocks[0].pool' is true; allowed is a whole number from -2147483648 to 2147483647.")]
    [DataRow("""{ "name": "convnet", "blocks": [3] }""", "In the network 'convnet' 'blocks[0]' is 3; allowed is an object.")]
    [DataRow("""{ "name": "convnet", "blocks": [{ "normalization": { "name": "layer-norm", "affine": 1 } }] }""", "In the layer 'layer-norm' 'affine' is 1; allowed is true or false.")]
    [DataRow("""{ "name": "convnet", "blocks": [{ "normalization": true }] }""",
        "The description of a component of the kind layer is its name, or an object whose key 'name' is its name, but this is true.")]
    [DataRow("""{ "name": "residual", "decay": null }""", "In the network 'residual' 'decay' is null; allowed is a component, by its name or as an object with a name.")]
    [DataRow("""{ "name": "residual", "decay": "stepp" }""", "There is no schedule named 'stepp'; did you mean 'step'? Known are: {schedules}. "
        + "If it is your own, register it first: ComponentRegistry.Default.Add<MySchedule>(\"stepp\").")]
    [DataRow("""{ "hidden": [1] }""", "The description of a component of the kind network is its name, or an object whose key 'name' is its name, but this is {\"hidden\":[1]}.")]
    [DataRow("""{ "name": 3 }""", "The description of a component of the kind network is its name, or an object whose key 'name' is its name, but this is {\"name\":3}.")]
    [DataRow("null", "The description of a component of the kind network is its name, or an object whose key 'name' is its name, but this is null.")]
    [DataRow("[]", "The description of a component of the kind network is its name, or an object whose key 'name' is its name, but this is [].")]
    public void Read_OfAMistake_SaysWhatAndWhatIsAllowed(string json, string message)
    {
        var error = Assert.ThrowsExactly<ComponentException>(() => ComponentJson.Read<NetworkDefinition>(json, Registry));

        Assert.AreEqual(message.Replace("{networks}", Names<NetworkDefinition>()).Replace("{schedules}", Names<ScheduleDefinition>()), error.Message);

        static string Names<T>() where T : ComponentDefinition => string.Join(", ", Registry.Names<T>());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("{ 'name': 'mlp' }")]
    [DataRow("""{ "name": "mlp", }""")]
    [DataRow("""{ "name": "mlp" } "mlp" """)]
    [DataRow("""{ "name": "mlp", "dropout": NaN }""")]
    [DataRow("""{ "name": "mlp", "dropout": 0.1, "dropout": 0.2 }""")]
    [DataRow("""{ "name": "mlp", "name": "convnet" }""")]
    [DataRow("""{ "name": "convnet", "blocks": [{ "pool": 1, "pool": 2 }] }""")]
    public void Read_OfWhatIsNoStrictJson_SaysSo(string json)
    {
        var error = Assert.ThrowsExactly<ComponentException>(() => ComponentJson.Read<NetworkDefinition>(json));

        Assert.StartsWith("The description of a component can't be read as JSON: ", error.Message);
    }

    [TestMethod]
    public void Read_OfHostileJson_IsAShortErrorAndNoCrash()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"name\":", 100_000));
        var nested = string.Concat(Enumerable.Repeat("{\"name\":\"residual\",\"decay\":", 60)) + "1" + new string('}', 60);
        var longName = JsonSerializer.Serialize(new string('x', 1_000_000));
        var longKey = $"{{\"name\":\"mlp\",{longName}:1}}";
        var longValue = $"{{\"name\":\"mlp\",\"dropout\":{longName}}}";
        var arrays = new string('[', 100_000);

        foreach (var json in new[] { deep, nested, longName, longKey, longValue, arrays })
            Assert.IsLessThan(600, Assert.ThrowsExactly<ComponentException>(() => ComponentJson.Read<NetworkDefinition>(json, Registry)).Message.Length);
    }

    [TestMethod]
    [DataRow("""{ "name": "mlp", "dropout": 1e999 }""")]
    [DataRow("""{ "name": "mlp", "dropout": 1 }""")]
    [DataRow("""{ "name": "mlp", "hidden": [0] }""")]
    public void Read_OfAValueOutOfRange_IsRefused(string json) =>
        Assert.ThrowsExactly<ValidationException>(() => ComponentJson.Read<NetworkDefinition>(json));

    [TestMethod]
    public void Read_OfAnotherComponentOfTheKind_SaysWhichIsNeeded()
    {
        var error = Assert.ThrowsExactly<ComponentException>(() => ComponentJson.Read<ConvNet>("\"mlp\""));

        Assert.AreEqual("The network 'mlp' is a Mlp, but a ConvNet is needed here.", error.Message);
    }

    [TestMethod]
    public void Options_ForARecordWithDefinitions_ReadAndWriteThem()
    {
        var holder = new Holder { Optimizer = new Sgd { Momentum = 0.9 }, Schedules = [new Constant(), new Step()] };

        var text = JsonSerializer.Serialize(holder, ComponentJson.Options());
        var again = JsonSerializer.Deserialize<Holder>(text, ComponentJson.Options())!;

        Assert.AreEqual(holder.Optimizer, again.Optimizer);
        CollectionAssert.AreEqual(holder.Schedules.ToArray(), again.Schedules.ToArray());
        Assert.DoesNotContain("network", text);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Holder>("""{ "optimizer": { "name": "sgd", "momentum": 0, "momentum": 1 } }""", ComponentJson.Options()));
    }

    [TestMethod]
    public void ToJson_OfOptionsWithWhatHasNoName_LeavesItOut()
    {
        var options = new TrainerOptions { Schedule = new LinearDecay(), Callbacks = [new LambdaCallback(), new EarlyStopping()] };

        var text = options.ToJson();

        Assert.DoesNotContain("schedule", text);
        Assert.Contains("\"optimizer\":{\"name\":\"adamw\",", text);
        Assert.Contains("\"callbacks\":[{\"name\":\"early-stopping\",", text);
        Assert.Contains("\"schedule\":{\"name\":\"linear-decay\",\"end\":0.5}", options.ToJson(Registry));
    }

    private sealed record Holder
    {
        public OptimizerDefinition Optimizer { get; init; } = new Adam();

        public NetworkDefinition? Network { get; init; }

        public IReadOnlyList<ScheduleDefinition> Schedules { get; init; } = [];
    }
}
