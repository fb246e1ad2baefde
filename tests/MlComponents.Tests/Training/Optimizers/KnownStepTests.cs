using System.Text.Json;
using TorchSharp.Modules;

namespace MlComponents.Tests.Training.Optimizers;

/// <summary>Every optimizer goes where PyTorch's goes, or a few lines of Python written from the paper: tests/fixtures/optimizers.py.</summary>
[TestClass]
public sealed class KnownStepTests
{
    public static IEnumerable<object[]> Cases =>
        from type in new[] { ScalarType.Float64, ScalarType.Float32 }
        from i in Enumerable.Range(0, Fixture.Cases("optimizers", "cases").Count)
        select new object[] { i, Fixture.Cases("optimizers", "cases")[i].GetProperty("optimizer").GetRawText(), type };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Step_OfGivenGradients_GoesWhereTheReferenceGoes(int index, string json, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var definition = ComponentJson.Read<OptimizerDefinition>(json);
        var parameters = Initial(type);
        using var optimizer = definition.Create(parameters);

        foreach (var step in Fixture.Cases("optimizers", "steps"))
        {
            optimizer.LearningRate = definition.LearningRate * step.GetProperty("factor").GetDouble();
            optimizer.ZeroGradients();
            foreach (var (name, gradient) in step.Tensors("gradients"))
                parameters.Single(parameter => parameter.Name == name).Parameter.grad = gradient.to(type);
            optimizer.Step();
        }

        foreach (var (name, expected) in Fixture.Cases("optimizers", "cases")[index].Tensors("expected"))
            TensorAssert.AreClose(expected, parameters.Single(parameter => parameter.Name == name).Parameter, type == ScalarType.Float64 ? 1e-10 : 1e-5);
    }

    [TestMethod]
    public void Cases_HaveEveryRegisteredOptimizer()
    {
        var there = Fixture.Cases("optimizers", "cases").Select(known => known.Component<OptimizerDefinition>("optimizer").GetType()).ToHashSet();

        var missing = Definitions.Registered.Where(type => type.IsAssignableTo(typeof(OptimizerDefinition)) && !there.Contains(type));

        Assert.IsEmpty(missing);
    }

    /// <summary>Steps that one tells in one's head: with a constant gradient both of Adam's means are exact.</summary>
    [TestMethod]
    public void Step_OfAdamWithConstantGradient_MovesByTheLearningRate()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor([1.0, -2.0]));
        using var optimizer = new Adam { LearningRate = 0.1 }.Create([weights]);

        for (var i = 0; i < 3; i++)
        {
            weights.grad = tensor([4.0, -0.5]);
            optimizer.Step();
        }

        TensorAssert.AreClose(tensor([0.7, -1.7]), weights, 1e-7);
    }

    /// <summary>‖(3, 4)‖ is 5, and the first update of Adam is the signs of the gradient, as long as √2: each number moves by 0.1 · 5 / √2.</summary>
    [TestMethod]
    public void Step_OfLamb_IsAsLongAsTheParameterIsLarge()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor([3.0, 4.0]));
        using var optimizer = new Lamb { LearningRate = 0.1, WeightDecay = 0, AlwaysAdapt = true, Epsilon = 1e-12 }.Create([weights]);

        weights.grad = tensor([7.0, -0.2]);
        optimizer.Step();

        TensorAssert.AreClose(tensor([3 - 0.5 / Math.Sqrt(2), 4 + 0.5 / Math.Sqrt(2)]), weights, 1e-9);
    }

    [TestMethod]
    public void Step_OfRmsPropWithoutDecay_LeavesTheGradientsAsTheyWere()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor([3.0, 4.0]));
        using var optimizer = new RmsProp().Create([weights]);

        weights.grad = tensor([0.1, -1e-30]);   // the kernel writes them
        optimizer.Step();

        TensorAssert.AreClose(tensor([0.1, -1e-30]), weights.grad, 0);
    }

    /// <summary>A GPU may have no kernel of Adagrad: there it is a sequence of operations, which a CPU can run too.</summary>
    [TestMethod]
    public void AdagradInPasses_EqualsTheKernel()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        Tensor[] kernel = [tensor([1.0, -2.0]), tensor([0.5])], passes = [tensor([1.0, -2.0]), tensor([0.5])], gradients = [tensor([0.3, -4.0]), tensor([2.0])];
        Tensor[] kernelSums = [full(2, 0.1, ScalarType.Float64), full(1, 0.1, ScalarType.Float64)], passSums = [full(2, 0.1, ScalarType.Float64), full(1, 0.1, ScalarType.Float64)];

        for (var step = 1.0; step <= 3; step++)
        {
            TensorLists.Call("adagrad", kernel, gradients, kernelSums, step, 0.1, 0.2, 1e-3, 0.05);
            TensorLists.Call("adagrad_in_passes", passes, gradients, passSums, step, 0.1, 0.2, 1e-3, 0.05);
        }

        foreach (var (expected, actual) in kernel.Concat(kernelSums).Zip(passes.Concat(passSums)))
            TensorAssert.AreClose(expected, actual, 1e-14);
    }

    private static NamedParameter[] Initial(ScalarType type) =>
        [.. Fixture.Cases("optimizers", "initial")[0].EnumerateObject().Select(property =>
            new NamedParameter(property.Name, new(Fixture.Cases("optimizers", "initial")[0].Tensor(property.Name).to(type))))];
}
