namespace MlComponents.Tests.Layers.Attention;

[TestClass]
public sealed class AttentionTests
{
    [TestMethod]
    public void Forward_OfOneToken_IsItsProjectedValue()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention { Heads = 1 }.Create([1, 2]);
        var state = layer.state_dict();
        using (no_grad())
        {
            state["in_proj_weight"].copy_(tensor(new float[] { 9, 9, 9, 9, 9, 9, 9, 9, 1, 2, 3, 4 }, [6, 2]));   // values: [[1, 2], [3, 4]]
            state["out_proj.weight"].copy_(tensor(new float[] { 0, 1, 1, 0 }, [2, 2]));                              // swaps the channels
        }

        var y = layer.call(tensor(new float[] { 5, 7 }, [1, 1, 2]));

        TensorAssert.AreClose(tensor(new float[] { 3 * 5 + 4 * 7, 1 * 5 + 2 * 7 }, [1, 1, 2]), y, tolerance: 1e-6);
    }

    [TestMethod]
    public void Forward_OfPermutedTokens_IsPermuted()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = new TransformerEncoderBlock { Heads = 2 }.Create([4, 6]);
        var x = randn(2, 4, 6);
        var order = tensor(new long[] { 2, 0, 3, 1 });

        TensorAssert.AreClose(layer.call(x).index_select(1, order), layer.call(x.index_select(1, order)), tolerance: 1e-5);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Encode_WithPadding_IsAsWithoutTheToken(bool normalizationFirst)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var layer = new TransformerEncoderBlock { Heads = 2, NormalizationFirst = normalizationFirst, Gated = true }.Create(6);
        var x = randn(2, 4, 6);
        var isPadding = zeros(2, 4, ScalarType.Bool);
        isPadding[.., 3] = tensor(true);

        var masked = layer.Encode(x, isPadding)[.., ..3];

        TensorAssert.AreClose(layer.Encode(x[.., ..3], null), masked, tolerance: 1e-5);
    }

    [TestMethod]
    public void Backward_OfABlock_MatchesFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var layer = new TransformerEncoderBlock { Heads = 2, Hidden = 5, Gated = true }.Create([3, 4]);
        layer.to(ScalarType.Float64);

        TensorAssert.GradientMatchesDifferences(x => layer.call(x).square().sum(), randn(2, 3, 4, ScalarType.Float64));
    }

    [TestMethod]
    public void Forward_WithDropout_DropsInTrainingOnly()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var x = randn(1, 5, 8);
        foreach (var definition in new[] { new TransformerEncoderBlock { AttentionDropout = 0.5 }, new TransformerEncoderBlock { Dropout = 0.5 } })
        {
            using var layer = definition.Create([5, 8]);
            using var guard = no_grad();

            Assert.IsFalse(layer.call(x).allclose(layer.call(x)), "in training two passes differ");
            layer.eval();
            TensorAssert.AreClose(layer.call(x), layer.call(x), tolerance: 0);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Describe_OfABlock_IsWhatIsBuilt(bool gated)
    {
        foreach (LayerDefinition definition in new LayerDefinition[]
        {
            new MultiHeadAttention { Heads = 4 }, new MultiHeadAttention { Heads = 2, Bias = false },
            new TransformerEncoderBlock { Gated = gated }, new TransformerEncoderBlock { Hidden = 7, Gated = gated, Normalization = new BatchNorm() },
        })
        {
            using var scope = NewDisposeScope();
            using var layer = definition.Create([3, 16]);
            var description = definition.Describe([3, 16]);

            Assert.AreEqual(layer.parameters().Sum(parameter => parameter.numel()), description.Parameters);
            Assert.AreEqual(layer.state_dict().Values.Sum(value => value.numel()) - description.Parameters, description.Buffers);
            CollectionAssert.AreEqual(new long[] { 2, 3, 16 }, layer.call(randn(2, 3, 16)).shape);
            CollectionAssert.AreEqual(new long[] { 3, 16 }, description.OutputShape.ToArray());
        }
    }

    [TestMethod]
    public void Forward_LeavesOnlyItsResult()
    {
        using var scope = NewDisposeScope();
        using var layer = new TransformerEncoderBlock { Gated = true, NormalizationFirst = false }.Create([3, 8]);
        using var attention = new MultiHeadAttention().Create([3, 8]);
        var x = randn(1, 3, 8);

        TensorAssert.LeavesOnly(1, () => layer.call(x));
        TensorAssert.LeavesOnly(1, () => attention.call(x));
    }

    [TestMethod]
    public void Create_WithHeadsThatDontDivide_NamesThoseThatDo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new MultiHeadAttention { Heads = 4 }.Create([5, 6]));

        Assert.AreEqual("MultiHeadAttention has 4 heads, which don't divide 6 channels evenly: allowed are 1, 2, 3 and 6.", error.Message);
    }

    [TestMethod]
    public void Create_OfMaps_SaysWhatItTakes()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new TransformerEncoderBlock().Describe([3, 4, 5]));

        Assert.StartsWith("TransformerEncoderBlock takes examples of L tokens with C channels, [L, C], but these have the shape [3, 4, 5].", error.Message);
    }
}
