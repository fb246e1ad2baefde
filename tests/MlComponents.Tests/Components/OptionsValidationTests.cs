using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Components;

[TestClass]
public sealed class OptionsValidationTests
{
    [TestMethod]
    public void Validate_OfSeveralMistakes_ListsThemAllWithTheirPaths()
    {
        var network = new ConvNet { Blocks = [new() { Channels = 0, Pool = 17 }, new() { Convolutions = 0 }], Hidden = -1, Dropout = 1 };

        var error = Assert.ThrowsExactly<ValidationException>(network.Validate);

        Assert.AreEqual(
            "ConvNet.Blocks[0].Channels is 0; allowed is at least 1. ConvNet.Blocks[0].Pool is 17; allowed is at least 1 and at most 16. "
            + "ConvNet.Blocks[1].Convolutions is 0; allowed is at least 1 and at most 16. ConvNet.Hidden is -1; allowed is at least 1. "
            + "ConvNet.Dropout is 1; allowed is at least 0 and below 1.",
            error.Message);
    }

    [TestMethod]
    public void Validate_OfComponentsInsideOptions_NamesTheWholePath()
    {
        var options = new TrainerOptions
        {
            Optimizer = new AdamW { LearningRate = 0, Beta2 = 1 },
            Schedule = new Cosine { MinimumFactor = double.NaN },
            Callbacks = [new EarlyStopping(), new EarlyStopping { Patience = 0 }],
        };

        var error = Assert.ThrowsExactly<ValidationException>(options.Validate);

        Assert.Contains("TrainerOptions.Optimizer.LearningRate is 0; allowed is above 0 and finite.", error.Message);
        Assert.Contains("TrainerOptions.Optimizer.Beta2 is 1; allowed is at least 0 and below 1.", error.Message);
        Assert.Contains("TrainerOptions.Schedule.MinimumFactor is NaN; allowed is at least 0 and at most 1.", error.Message);
        Assert.Contains("TrainerOptions.Callbacks[1].Patience is 0; allowed is at least 1.", error.Message);
    }

    [TestMethod]
    [DataRow(double.NaN, "NaN")]
    [DataRow(double.PositiveInfinity, "Infinity")]
    [DataRow(double.NegativeInfinity, "-Infinity")]
    public void Validate_OfANumberThatIsNone_IsRefusedInEveryProperty(double value, string text)
    {
        var found = 0;
        foreach (var type in Definitions.Registered)
            foreach (var property in Definitions.Properties(type).Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(double)))
            {
                var definition = Definitions.Create(type);
                property.SetValue(definition, value);

                var error = Assert.ThrowsExactly<ValidationException>(definition.Validate, $"{type.Name}.{property.Name}");

                Assert.StartsWith($"{type.Name}.{property.Name} is {text}; allowed is ", error.Message);
                found++;
            }
        Assert.IsGreaterThan(10, found);
    }

    [TestMethod]
    public void Validate_OfAThirdPartysNumbersWithoutARange_RefusesWhatIsNotFinite()
    {
        var error = Assert.ThrowsExactly<ValidationException>(new Free { Value = double.NaN, Single = float.PositiveInfinity, List = [1, double.NaN] }.Validate);

        Assert.AreEqual(
            "Free.Value is NaN; allowed is any finite number. Free.Single is Infinity; allowed is any finite number. Free.List[1] is NaN; allowed is any finite number.",
            error.Message);
        new Free().Validate();
    }

    [TestMethod]
    public void Validate_OfANumberBeyondTheRangesOwnType_IsRefused()
    {
        var error = Assert.ThrowsExactly<ValidationException>(new Free { Large = 5_000_000_000 }.Validate);

        Assert.AreEqual("Free.Large is 5000000000; allowed is at least 1 and at most 100.", error.Message);
    }

    [TestMethod]
    public void Validate_OfElementsOutOfRange_NamesEach()
    {
        var error = Assert.ThrowsExactly<ValidationException>(new Mlp { Hidden = [3, 0, -2], InputShape = [1, 0] }.Validate);

        Assert.AreEqual("Mlp.Hidden[1] is 0; allowed is at least 1. Mlp.Hidden[2] is -2; allowed is at least 1. Mlp.InputShape[1] is 0; allowed is at least 1.", error.Message);
    }

    [TestMethod]
    public void Validate_OfWeightsThatAreNoNumbers_NamesThem()
    {
        var error = Assert.ThrowsExactly<ValidationException>(new CrossEntropy { ClassWeights = [1, double.NaN, double.PositiveInfinity, -1] }.Validate);

        Assert.AreEqual(
            "CrossEntropy.ClassWeights[1] is NaN; allowed is at least 0 and finite. CrossEntropy.ClassWeights[2] is Infinity; allowed is at least 0 and finite. "
            + "CrossEntropy.ClassWeights[3] is -1; allowed is at least 0 and finite.",
            error.Message);
    }

    [TestMethod]
    public void Validate_OfNullWhereNoneIsAllowed_SaysSo()
    {
        var network = Assert.ThrowsExactly<ValidationException>(new ConvNet { Blocks = null! }.Validate);
        var block = Assert.ThrowsExactly<ValidationException>(new ConvNet { Blocks = [new(), null!] }.Validate);
        var options = Assert.ThrowsExactly<ValidationException>(new TrainerOptions { Optimizer = null! }.Validate);

        Assert.AreEqual("ConvNet.Blocks is null; allowed is any value but none.", network.Message);
        Assert.AreEqual("ConvNet.Blocks[1] is null; allowed is any value but none.", block.Message);
        Assert.AreEqual("TrainerOptions.Optimizer is null; allowed is any value but none.", options.Message);
    }

    [TestMethod]
    public void Validate_OfAListOfTheWrongLengthOrAnUndefinedEnum_SaysWhatIsAllowed()
    {
        var length = Assert.ThrowsExactly<ValidationException>(new ConvNet { Blocks = [] }.Validate);
        var activation = Assert.ThrowsExactly<ValidationException>(new Mlp { Activation = (Activation)99 }.Validate);

        Assert.AreEqual("ConvNet.Blocks is []; allowed is 1 to 32 elements.", length.Message);
        Assert.AreEqual("Mlp.Activation is 99; allowed is one of Relu, Gelu, Silu, Tanh, Sigmoid, LeakyRelu, Elu, Relu6, HardSwish, HardSigmoid, Mish.", activation.Message);
    }

    [TestMethod]
    public void Validate_OfARuleAcrossProperties_ComesWhenEachIsValid()
    {
        var even = Assert.ThrowsExactly<ValidationException>(new ConvNet { Blocks = [new(), new() { KernelSize = 4 }] }.Validate);

        Assert.AreEqual("ConvNet: Blocks[1].KernelSize is 4; allowed are odd numbers, so that padding can keep the size.", even.Message);
    }

    private sealed record Free : ScheduleDefinition
    {
        public double Value { get; init; }

        public float Single { get; init; }

        public IReadOnlyList<double> List { get; init; } = [];

        [Range(1, 100)]
        public long Large { get; init; } = 1;

        public override double Factor(SchedulePosition position) => Value;
    }
}
