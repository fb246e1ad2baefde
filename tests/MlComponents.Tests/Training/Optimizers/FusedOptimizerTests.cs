using TorchSharp.Modules;

namespace MlComponents.Tests.Training.Optimizers;

[TestClass]
public sealed class FusedOptimizerTests
{
    private static readonly double[][] gradients = [[0.5, -1.0], [-0.25, 0.125], [1.5, 0.0], [0.75, -2.0], [-1.0, 0.5]];
    private static readonly double[] rates = [0.1, 0.1, 0.05, 0.05, 0.2];

    public static IEnumerable<object[]> Definitions => OptimizerPair.Definitions;

    /// <summary>What PyTorch 1.13.1 printed for expected_steps.py.</summary>
    public static IEnumerable<object[]> ExpectedSteps =>
    [
        [new Sgd(), 1.0625, -1.9125],
        [new Sgd { WeightDecay = 0.1 }, 1.0172640322, -1.81990964565],
        [new Sgd { Momentum = 0.9, WeightDecay = 0.1 }, 0.3995754292, -1.02586712715],
        [new Sgd { Momentum = 0.9, WeightDecay = 0.1, Nesterov = true }, 0.491345039759653, -0.965857416371181],
        [new Adam(), 0.746961373206285, -1.69777960046623],
        [new Adam { Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-3, WeightDecay = 0.1 }, 0.722354867330698, -1.65456674352726],
        [new AdamW { Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-3, WeightDecay = 0.1 }, 0.719923404947899, -1.61677634281431],
    ];

    [TestMethod]
    [DynamicData(nameof(ExpectedSteps))]
    public void Step_WithChangingLearningRate_EqualsPyTorch(OptimizerDefinition definition, double first, double second)
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor([1.0, -2.0]));
        using var optimizer = definition.Create([weights]);

        for (var i = 0; i < gradients.Length; i++)
        {
            optimizer.LearningRate = rates[i];
            weights.grad = tensor(gradients[i]);
            optimizer.Step();
        }

        Assert.IsInstanceOfType<FusedOptimizer>(optimizer);
        TensorAssert.AreClose(tensor([first, second]), weights, 1e-13);
    }

    [TestMethod]
    public void Step_OfAdamWithConstantGradient_MovesByTheLearningRate()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor([1.0, -2.0]));
        using var optimizer = new Adam { LearningRate = 0.1 }.Create([weights]);

        for (var i = 0; i < 3; i++)
        {
            weights.grad = tensor([4.0, -0.5]);   // both means are exact then: each step is 0.1 · g / (|g| + 1e-8)
            optimizer.Step();
        }

        TensorAssert.AreClose(tensor([0.7, -1.7]), weights, 1e-7);
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Step_WithFixedGradientsInDoublePrecision_EqualsTorchSharp(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        using var pair = PairOf(definition, ScalarType.Float64, [7, 3], [5], []);
        using var generator = new Generator(2);

        for (var i = 0; i < 100; i++)
        {
            pair.SetLearningRate(definition.LearningRate * (1 + i % 3));
            foreach (var (fused, stock) in pair.FusedParameters.Zip(pair.StockParameters))
                stock.grad = (fused.grad = randn(fused.shape, ScalarType.Float64, generator: generator)).clone();
            pair.Fused.Step();
            pair.Stock.Step();
        }

        Assert.IsLessThanOrEqualTo(1e-10, pair.LargestDifference());
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Step_WithGradientsThatComeAndGo_EqualsTorchSharp(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        using var pair = PairOf(definition, ScalarType.Float64, [4], [3], [2]);
        using var generator = new Generator(3);
        var untouched = pair.FusedParameters[2].clone();

        for (var i = 0; i < 20; i++)
        {
            pair.Fused.ZeroGradients();
            foreach (var parameter in pair.StockParameters)
                parameter.grad = null;
            foreach (var index in i < 5 ? [0] : i % 2 == 0 ? [1] : new[] { 0, 1 })
                pair.StockParameters[index].grad = (pair.FusedParameters[index].grad = randn(pair.FusedParameters[index].shape, ScalarType.Float64, generator: generator)).clone();
            pair.Fused.Step();
            pair.Stock.Step();
        }

        Assert.IsLessThanOrEqualTo(1e-10, pair.LargestDifference());
        TensorAssert.AreClose(untouched, pair.FusedParameters[2], 0);
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Step_WithoutAnyGradient_ChangesNothing(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(ones(3));
        using var optimizer = definition.Create([weights]);

        optimizer.Step();

        TensorAssert.AreClose(ones(3), weights, 0);
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Step_OfParametersMadeInAnotherScope_KeepsItsState(OptimizerDefinition definition)
    {
        using var weights = new Parameter(ones(3)).DetachFromDisposeScope();
        Optimizer optimizer;
        using (NewDisposeScope())
            optimizer = definition.Create([(Parameter)weights]);

        using (optimizer)
            for (var i = 0; i < 2; i++)
                using (NewDisposeScope())
                {
                    weights.grad = ones(3);
                    optimizer.Step();
                }

        Assert.IsLessThan(1f, weights[0].item<float>());
    }

    [TestMethod]
    public void ZeroGradients_LeavesNone()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(ones(3)) { grad = ones(3) };
        using var optimizer = new Adam().Create([weights]);

        optimizer.ZeroGradients();

        Assert.IsNull(weights.grad);
    }

    [TestMethod]
    public void Takes_MixedTypesStridedOrComplexParameters_IsFalse()
    {
        using var scope = NewDisposeScope();
        var plain = new Parameter(ones(3, 2));

        Assert.IsTrue(FusedOptimizer.Takes([plain, new Parameter(ones(1))]));
        Assert.IsFalse(FusedOptimizer.Takes([plain, new Parameter(ones(3, ScalarType.Float64))]), "two types");
        Assert.IsFalse(FusedOptimizer.Takes([new Parameter(ones(3, 2).t())]), "not contiguous");
        Assert.IsFalse(FusedOptimizer.Takes([new Parameter(ones(3, ScalarType.ComplexFloat32))]), "complex");
        Assert.IsFalse(FusedOptimizer.Takes([]), "none");
    }

    [TestMethod]
    [DynamicData(nameof(Definitions))]
    public void Create_OfStridedParameters_StepsAsTorchSharpDoes(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var strided = new Parameter(ones(3, 2, ScalarType.Float64).t());
        var plain = new Parameter(ones(2, 3, ScalarType.Float64));
        using var stock = definition.Create([strided]);
        using var fused = definition.Create([plain]);

        for (var i = 0; i < 3; i++)
        {
            (stock.LearningRate, fused.LearningRate) = (0.1 * i, 0.1 * i);
            strided.grad = full(2, 3, 0.5 - i, ScalarType.Float64);
            plain.grad = full(2, 3, 0.5 - i, ScalarType.Float64);
            stock.Step();
            fused.Step();
        }

        Assert.IsInstanceOfType<StockOptimizer>(stock);
        Assert.IsInstanceOfType<FusedOptimizer>(fused);
        TensorAssert.AreClose(strided, plain, 1e-10);
    }

    private static OptimizerPair PairOf(OptimizerDefinition definition, ScalarType type, params long[][] shapes)
    {
        using var generator = new Generator(1);
        var values = shapes.Select(shape => randn(shape, type, generator: generator)).ToArray();
        return new(definition, [.. values.Select(value => new Parameter(value.clone()))], [.. values.Select(value => new Parameter(value.clone()))]);
    }
}
