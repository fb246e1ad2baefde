using TorchSharp.Modules;

namespace MlComponents.Tests.Training.Optimizers;

[TestClass]
public sealed class FusedOptimizerTests
{
    public static IEnumerable<object[]> Definitions => OptimizerPair.Definitions;

    public static IEnumerable<object[]> All => OptimizerExamples.All;

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
            pair.Stock.step();
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
            pair.Stock.step();
        }

        Assert.IsLessThanOrEqualTo(1e-10, pair.LargestDifference());
        TensorAssert.AreClose(untouched, pair.FusedParameters[2], 0);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_WithoutAnyGradient_ChangesNothing(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(ones(3));
        using var optimizer = definition.Create([weights]);

        optimizer.Step();

        TensorAssert.AreClose(ones(3), weights, 0);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
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
    [DynamicData(nameof(All))]
    public void Step_OfStridedParametersAndGradients_IsThatOfContiguousOnes(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        var values = randn([4, 3], ScalarType.Float64, generator: generator);
        Parameter plain = new(values.clone()), strided = new(values.t().contiguous().t()), gradientOnly = new(values.clone());
        using Optimizer first = definition.Create([plain]), second = definition.Create([strided]), third = definition.Create([gradientOnly]);

        for (var i = 0; i < 8; i++)
        {
            var gradient = randn([4, 3], ScalarType.Float64, generator: generator);
            (plain.grad, strided.grad, gradientOnly.grad) = (gradient, gradient.clone(), gradient.t().contiguous().t());
            first.Step();
            second.Step();
            third.Step();
        }

        Assert.IsFalse(strided.is_contiguous());
        TensorAssert.AreClose(plain, strided, 1e-14);
        TensorAssert.AreClose(plain, gradientOnly, 1e-14);
    }

    [TestMethod]
    public void Step_OfASparseGradient_IsThatOfTheSameDenseOne()
    {
        using var scope = NewDisposeScope();
        Parameter sparse = new(ones(3, 2)), dense = new(ones(3, 2));
        using Optimizer first = new AdamW().Create([sparse]), second = new AdamW().Create([dense]);

        dense.grad = tensor(new float[] { 0, 0, 1, 2, 0, 0 }).reshape(3, 2);
        sparse.grad = dense.grad.to_sparse();
        first.Step();
        second.Step();

        TensorAssert.AreClose(dense, sparse, 0);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_OfParametersOfSeveralTypes_IsThatOfEachType(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var single = OptimizerExamples.Parameters();
        NamedParameter[] mixed = [single[0], OptimizerExamples.Parameters(ScalarType.Float64)[1], OptimizerExamples.Parameters(ScalarType.BFloat16)[2]];
        var reference = OptimizerExamples.Parameters();
        using var optimizer = definition.Create(mixed);
        using var other = definition.Create(reference);

        OptimizerExamples.Walk(optimizer, mixed, 1, 8);
        OptimizerExamples.Walk(other, reference, 1, 8);

        TensorAssert.AreClose(reference[0].Parameter, mixed[0].Parameter, 0);
        TensorAssert.AreClose(reference[1].Parameter, mixed[1].Parameter, 1e-5);
        TensorAssert.AreClose(reference[2].Parameter, mixed[2].Parameter, 0.05);   // bfloat16 has 8 bits
    }

    /// <summary>A kernel that leaves some numbers where they are, as one of libtorch 2.10 does, is as far apart as the others have moved.</summary>
    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_InHalfPrecision_StaysNearSinglePrecision(OptimizerDefinition definition)
    {
        foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float16 })
        {
            using var scope = NewDisposeScope();
            NamedParameter[] initial = OptimizerExamples.Parameters(), half = OptimizerExamples.Parameters(type), single = OptimizerExamples.Parameters();
            using Optimizer first = definition.Create(half), second = definition.Create(single);
            first.LearningRate = second.LearningRate = definition is Lion ? 0.02 : 0.05;

            OptimizerExamples.Walk(first, half, 1, 10);
            OptimizerExamples.Walk(second, single, 1, 10);

            for (var i = 0; i < half.Length; i++)
            {
                var moved = (single[i].Parameter - initial[i].Parameter).norm().ToDouble();
                var apart = (single[i].Parameter - half[i].Parameter.to(ScalarType.Float32)).norm().ToDouble();
                Assert.AreEqual(type, half[i].Parameter.dtype);
                Assert.IsLessThan(0.3 * moved, apart, $"{type} {half[i].Name}");
            }
        }
    }

    [TestMethod]
    public void Create_OfComplexParameters_IsRefused()
    {
        using var scope = NewDisposeScope();

        var error = Assert.ThrowsExactly<ArgumentException>(() => new Adam().Create([new NamedParameter("phase", new(ones(3, ScalarType.ComplexFloat32)))]));

        Assert.AreEqual("The parameter 'phase' holds ComplexFloat32; an optimizer moves floating-point numbers: leave it out.", error.Message);
    }

    [TestMethod]
    public void Create_OfTwoParametersOfOneName_IsRefused()
    {
        using var scope = NewDisposeScope();

        var error = Assert.ThrowsExactly<ArgumentException>(() => new Adam().Create([new NamedParameter("weight", new(ones(3))), new NamedParameter("weight", new(ones(2)))]));

        Assert.AreEqual("2 parameters are called 'weight'; each needs a name of its own.", error.Message);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_HundredTimes_LeavesNoTensors(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var parameters = OptimizerExamples.Parameters();
        using var optimizer = definition.Create(parameters);
        OptimizerExamples.Walk(optimizer, parameters, 1, 10);
        optimizer.ZeroGradients();
        var before = TensorAssert.LiveCount();

        OptimizerExamples.Walk(optimizer, parameters, 11, 110);
        optimizer.ZeroGradients();

        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_LeavesNothingInTheCallersScope(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var parameters = OptimizerExamples.Parameters();
        using var optimizer = definition.Create(parameters);
        foreach (var (_, parameter) in parameters)
            parameter.grad = ones_like(parameter);

        TensorAssert.LeavesOnly(0, optimizer.Step);
    }

    private static OptimizerPair PairOf(OptimizerDefinition definition, ScalarType type, params long[][] shapes)
    {
        using var generator = new Generator(1);
        var values = shapes.Select(shape => randn(shape, type, generator: generator)).ToArray();
        return new(definition, [.. values.Select(value => new Parameter(value.clone()))], [.. values.Select(value => new Parameter(value.clone()))]);
    }
}
