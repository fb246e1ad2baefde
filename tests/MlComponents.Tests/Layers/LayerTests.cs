namespace MlComponents.Tests.Layers;

/// <summary>What holds for every built-in layer.</summary>
[TestClass]
public sealed class LayerTests
{
    public static IEnumerable<object[]> All => LayerExamples.All.Select(example => new object[] { example });

    [TestMethod]
    public void Examples_OfTheseTests_CoverEveryBuiltInLayer() =>
        CollectionAssert.AreEquivalent(
            ComponentRegistry.CreateBuiltIn().Names<LayerDefinition>().ToList(),
            LayerExamples.All.Select(example => ComponentRegistry.Default.NameOf(example.Definition)).Distinct().ToList());

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Describe_OfEveryExample_IsWhatTheBuiltLayerHasAndGives(LayerExample example)
    {
        using var scope = NewDisposeScope();
        var (layer, x) = example.Create(rows: 3);
        using var _ = layer;

        var description = example.Definition.Describe(example.Shape);

        var parameters = layer.parameters().Sum(parameter => parameter.numel());
        Assert.AreEqual(example.Definition.GetType().Name, description.Kind);
        Assert.AreEqual(parameters, description.Parameters);
        Assert.AreEqual(layer.state_dict().Values.Sum(value => value.numel()) - parameters, description.Buffers);
        CollectionAssert.AreEqual(example.Shape, description.InputShape.ToArray());
        CollectionAssert.AreEqual(layer.call(x).shape[1..], description.OutputShape.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_InBothModesAndTypes_KeepsTheTypeAndLeavesOnlyItsResult(LayerExample example)
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            foreach (var train in new[] { true, false })
            {
                using var scope = NewDisposeScope();
                var (layer, x) = example.Create(rows: 2, dtype);
                using var _ = layer;
                layer.train(train);

                TensorAssert.LeavesOnly(1, () => Assert.AreEqual(dtype, layer.call(x).dtype));
            }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Create_InsideAScope_GivesALayerThatOutlivesIt(LayerExample example)
    {
        nn.Module<Tensor, Tensor> layer;
        using (NewDisposeScope())
            layer = example.Create(rows: 1).Layer;

        using var scope = NewDisposeScope();
        using (layer)
            Assert.IsTrue(layer.call(randn([2, .. example.Shape], ScalarType.Float64)).isfinite().all().item<bool>());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Create_Twice_GivesLayersThatShareNothing(LayerExample example)
    {
        using var scope = NewDisposeScope();
        using var first = example.Definition.Create(example.Shape);
        using var second = example.Definition.Create(example.Shape);
        var before = second.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        using (no_grad())
            foreach (var value in first.state_dict().Values)
                value.add_(1);

        foreach (var (key, value) in second.state_dict())
            TensorAssert.AreClose(before[key], value, tolerance: 0);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_InEvalMode_TreatsEachExampleByItself(LayerExample example)
    {
        using var scope = NewDisposeScope();
        var (layer, x) = example.Create(rows: 3);
        using var _ = layer;
        layer.call(x);   // running estimates move
        layer.eval();

        var together = layer.call(x);

        for (var i = 0; i < 3; i++)
            TensorAssert.AreClose(together[i..(i + 1)], layer.call(x[i..(i + 1)]), tolerance: 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Backward_InBothModes_MatchesFiniteDifferences(LayerExample example)
    {
        foreach (var train in new[] { true, false })
        {
            using var scope = NewDisposeScope();
            var (layer, x) = example.Create(rows: 2);
            using var _ = layer;
            layer.train(train);
            var upstream = randn_like(layer.call(x));

            TensorAssert.GradientMatchesDifferences(at => (layer.call(at) * upstream).sum(), x);
            foreach (var (name, parameter) in layer.named_parameters())
            {
                var value = parameter.detach().clone();
                layer.zero_grad();
                (layer.call(x) * upstream).sum().backward();
                var analytic = parameter.grad!.clone();

                TensorAssert.AreClose(Differences(value, at =>
                {
                    parameter.copy_(at);
                    return (layer.call(x) * upstream).sum().item<double>();
                }), analytic, tolerance: 1e-6);
                using (no_grad())
                    parameter.copy_(value);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void StateDict_SavedAndLoaded_MakesAnotherLayerTheSame(LayerExample example)
    {
        using var scope = NewDisposeScope();
        var (layer, x) = example.Create(rows: 3);
        using var first = layer;
        using var second = example.Definition.Create(example.Shape);
        second.to(x.dtype);
        first.call(x);
        using var stream = new MemoryStream();

        StateDict.Save(first, stream);
        stream.Position = 0;
        StateDict.Load(second, stream);

        first.eval();
        second.eval();
        TensorAssert.AreClose(first.call(x), second.call(x), tolerance: 0);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void CreateAndDescribe_OfShapesThatAreNone_AreRefused(LayerExample example)
    {
        foreach (var shape in new long[][] { [], [0, .. example.Shape[1..]], [.. example.Shape, 1, 1, 1, 1] })
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => example.Definition.Create(shape));

            Assert.Contains($"[{string.Join(", ", shape)}]", error.Message);
            Assert.AreEqual(error.Message, Assert.ThrowsExactly<ArgumentException>(() => example.Definition.Describe(shape)).Message);
        }
        Assert.ThrowsExactly<ArgumentNullException>(() => example.Definition.Create(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => example.Definition.Describe(null!));
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_OfABatchOfAnotherShape_IsTakenOrRefusedInOurWords(LayerExample example)
    {
        using var scope = NewDisposeScope();
        using var layer = example.Definition.Create(example.Shape);
        long[] shape = example.Shape;

        foreach (var other in new long[][] { [2, .. shape[..^1]], [2, .. shape, 2], [2, shape[0] + 1, .. shape[1..]], [2, .. shape[..^1], shape[^1] + 1], [2, .. shape[..^1], 1], shape })
            try
            {
                layer.call(randn(other));
            }
            catch (ArgumentException e)
            {
                Assert.Contains("[", e.Message);   // what was given; any other exception fails the test
            }
    }

    /// <summary>Central differences of a function of a tensor.</summary>
    private static Tensor Differences(Tensor at, Func<Tensor, double> function, double step = 1e-6)
    {
        using var guard = no_grad();
        var result = new double[at.numel()];
        for (var i = 0; i < result.Length; i++)
        {
            var e = zeros_like(at).flatten();
            e[i] = tensor(step, at.dtype);
            e = e.view(at.shape);
            result[i] = (function(at + e) - function(at - e)) / (2 * step);
        }
        return tensor(result, at.shape);
    }
}
