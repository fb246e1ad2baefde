using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents.Tests.Training.Optimizers;

[TestClass]
public sealed class GroupedParametersTests
{
    public static IEnumerable<object[]> All => OptimizerExamples.All;

    [TestMethod]
    public void Of_WithoutGroups_LeavesEverythingToTheOptimizer()
    {
        using var scope = NewDisposeScope();

        var parameters = GroupedParameters.Of(new(), Network());

        Assert.AreEqual("body.weight 1 -, body.bias 1 -, head.weight 1 -, head.bias 1 -, scale 1 -", Shown(parameters));
    }

    [TestMethod]
    public void Of_SeveralGroups_TheFirstThatMeansAParameterHasIt()
    {
        using var scope = NewDisposeScope();
        var options = new TrainerOptions
        {
            ParameterGroups = [new("*.bias") { WeightDecay = 0.5 }, new("body.*") { LearningRateFactor = 0.25, WeightDecay = 0 }],
        };

        var parameters = GroupedParameters.Of(options, Network());

        Assert.AreEqual("body.weight 0.25 0, body.bias 1 0.5, head.weight 1 -, head.bias 1 0.5, scale 1 -", Shown(parameters));
    }

    [TestMethod]
    public void Of_NoDecayOfBiasesAndNorms_SparesWhatHasOneDimensionUnlessAGroupSaysSo()
    {
        using var scope = NewDisposeScope();
        var options = new TrainerOptions { DecayBiasesAndNorms = false, ParameterGroups = [new("head.*") { LearningRateFactor = 2, WeightDecay = 0.1 }, new("body.*") { LearningRateFactor = 3 }] };

        var parameters = GroupedParameters.Of(options, Network());

        Assert.AreEqual("body.weight 3 -, body.bias 3 0, head.weight 2 0.1, head.bias 2 0.1, scale 1 0", Shown(parameters));
    }

    [TestMethod]
    public void Of_APatternThatMeansNothing_NamesTheParameters()
    {
        using var scope = NewDisposeScope();
        var options = new TrainerOptions { ParameterGroups = [new("tail.*")] };

        var error = Assert.ThrowsExactly<ArgumentException>(() => GroupedParameters.Of(options, Network()));

        Assert.StartsWith("The pattern 'tail.*' means none of the parameters", error.Message);
        Assert.EndsWith("There are: body.weight, body.bias, head.weight, head.bias, scale.", error.Message);
    }

    [TestMethod]
    public void Of_AGroupBehindOthersThatHaveAll_IsRefused()
    {
        using var scope = NewDisposeScope();
        var options = new TrainerOptions { ParameterGroups = [new("body.*") { LearningRateFactor = 2 }, new("body.bias") { WeightDecay = 0 }] };

        var error = Assert.ThrowsExactly<ArgumentException>(() => GroupedParameters.Of(options, Network()));

        Assert.AreEqual("The parameter group 'body.bias' has no parameters: the groups before it have all that it means. Put it before them, or leave it out.", error.Message);
    }

    [TestMethod]
    public void Validate_OfAGroupThatDecaysWithoutLearning_IsRefused()
    {
        var options = new TrainerOptions { ParameterGroups = [new("body.*") { LearningRateFactor = 0, WeightDecay = 0.1 }] };

        var error = Assert.ThrowsExactly<ValidationException>(options.Validate);

        Assert.Contains("WeightDecay 0.1 has no effect at a LearningRateFactor of 0: leave one of them out.", error.Message);
    }

    /// <summary>Three parameters, each in its own way, move as each would in an optimizer of its own.</summary>
    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_OfGroups_IsThatOfAnOptimizerForEach(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var together = OptimizerExamples.Parameters();
        together[1] = together[1] with { LearningRateFactor = 0.5 };
        together[2] = together[2] with { WeightDecay = 0.4 };
        using var one = definition.Create(together);
        OptimizerExamples.Walk(one, together, 1, 8, without: 0);

        var apart = OptimizerExamples.Parameters();
        using var first = definition.Create([apart[0]]);
        using var second = definition.Create([apart[1]]);
        using var third = (definition with { WeightDecay = 0.4 }).Create([apart[2]]);
        second.LearningRate *= 0.5;
        for (var step = 1; step <= 8; step++)
        {
            using var generator = new Generator((ulong)step);
            foreach (var (_, parameter) in apart)
                parameter.grad = randn(parameter.shape, generator: generator);
            first.Step();
            second.Step();
            third.Step();
        }

        foreach (var (expected, actual) in apart.Zip(together))
            TensorAssert.AreClose(expected.Parameter, actual.Parameter, 0);
        Assert.IsFalse(OptimizerExamples.Parameters()[2].Parameter.Equals(together[2].Parameter));
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_OfAGroupThatDoesNotLearn_LeavesIt(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var parameters = OptimizerExamples.Parameters();
        parameters[0] = parameters[0] with { LearningRateFactor = 0 };
        using var optimizer = definition.Create(parameters);

        OptimizerExamples.Walk(optimizer, parameters, 1, 8);

        TensorAssert.AreClose(OptimizerExamples.Parameters()[0].Parameter, parameters[0].Parameter, 0);
    }

    private static (string, Parameter)[] Network() =>
    [
        ("body.weight", new(ones(2, 2))), ("body.bias", new(ones(2))), ("head.weight", new(ones(1, 2))), ("head.bias", new(ones(1))), ("scale", new(ones([]))),
    ];

    private static string Shown(IEnumerable<NamedParameter> parameters) => string.Join(", ", parameters.Select(parameter =>
        FormattableString.Invariant($"{parameter.Name} {parameter.LearningRateFactor} {(parameter.WeightDecay is { } decay ? FormattableString.Invariant($"{decay}") : "-")}")));
}
