namespace MlComponents.Tests.Networks.Transformers;

[TestClass]
public sealed class TransformerClassifierTests
{
    private static readonly TransformerClassifier Small = new() { Width = 8, Blocks = 2, Heads = 2, Dropout = 0, AttentionDropout = 0 };

    [TestMethod]
    public void Describe_OfATable_CountsByHand()
    {
        var description = new TransformerClassifier { Width = 12, Blocks = 1, Heads = 2, Categories = [3, 4] }.Describe([5], outputs: 2);

        const int tokens = 3 * 12 + 5 * 12 + 7 * 12 + 12;
        const int block = 4 * 144 + 4 * 12 + 2 * 24 + (12 * 32 + 32) + (16 * 12 + 12);
        Assert.AreEqual(tokens + block + 24 + 12 * 2 + 2, description.Parameters);
        Assert.AreEqual(4, description.Buffers);
    }

    [TestMethod]
    public void Forward_OfCategories_SeesEachColumnsOwn()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = Create(Small with { Categories = [2, 3] }, [4]);
        network.eval();
        var x = tensor(new float[] { 0.5f, -1, 1, 0 }, [1, 4]);
        var other = tensor(new float[] { 0.5f, -1, 0, 1 }, [1, 4]);

        Assert.IsFalse(network.call(x).allclose(network.call(other)), "the first column's 1 isn't the second's");
    }

    [TestMethod]
    public void Forward_OfACategoryThatThereIsNot_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var network = Create(Small with { Categories = [2, 3] }, [3]);

        var tooLarge = Assert.ThrowsExactly<ArgumentException>(() => network.call(tensor(new float[] { 0, 2, 0 }, [1, 3])));
        var fraction = Assert.ThrowsExactly<ArgumentException>(() => network.call(tensor(new float[] { 0, 1, 1.5f }, [1, 3])));

        Assert.StartsWith("2 is no number of a token or category: allowed are whole numbers of at least 0 and below 2.", tooLarge.Message);
        Assert.StartsWith("1.5 is no number of a token or category: allowed are whole numbers of at least 0 and below 3.", fraction.Message);
    }

    [TestMethod]
    public void Forward_OfPaddedTokens_IsThatOfTheShorterSequence()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var definition = Small with { Vocabulary = 5, Padding = 0 };
        using var network = Create(definition, [4]);
        using var shorter = Create(definition, [2]);
        using (no_grad())
            foreach (var (key, value) in shorter.state_dict())
                value.copy_(key == "position" ? network.state_dict()[key][..2] : network.state_dict()[key]);

        var padded = network.call(tensor(new float[] { 3, 1, 0, 0 }, [1, 4]));

        TensorAssert.AreClose(shorter.call(tensor(new float[] { 3, 1 }, [1, 2])), padded, tolerance: 1e-5);
    }

    [TestMethod]
    public void Forward_OfAnEmptySequence_IsFinite()
    {
        using var scope = NewDisposeScope();
        using var network = Create(Small with { Vocabulary = 5, Padding = 0 }, [3]);

        var y = network.call(tensor(new float[] { 0, 0, 0, 1, 2, 0 }, [2, 3]));
        y.sum().backward();

        Assert.IsTrue(y.isfinite().all().item<bool>());
        Assert.IsTrue(network.parameters().All(parameter => parameter.grad is not { } grad || grad.isfinite().all().item<bool>()));
    }

    [TestMethod]
    [DataRow(new long[] { 6 }, null)]
    [DataRow(new long[] { 3, 2 }, null)]
    [DataRow(new long[] { 4 }, 3)]
    public void Forward_OfEveryKindOfExample_LeavesOnlyItsResult(long[] shape, int? vocabulary)
    {
        using var scope = NewDisposeScope();
        using var network = Create(Small with { Vocabulary = vocabulary, Padding = vocabulary - 1 }, shape);
        var x = ones([1, .. shape]);

        TensorAssert.LeavesOnly(1, () => network.call(x));
    }

    [TestMethod]
    public void Create_OfShapesThatDontFit_SaysWhatIsTaken()
    {
        var maps = Assert.ThrowsExactly<ArgumentException>(() => Create(Small, [3, 8, 8]));
        var columns = Assert.ThrowsExactly<ArgumentException>(() => Create(Small with { Categories = [2, 2] }, [1]));

        Assert.AreEqual("TransformerClassifier takes rows of a table, [F], sequences of numbers, [L, C], or with a Vocabulary sequences of token numbers, [L]; "
            + "these examples have the shape [3, 8, 8]: set InputShape, or drop what doesn't belong.", maps.Message);
        Assert.AreEqual("TransformerClassifier has 2 columns of categories, but examples have only 1 columns: name at most 1 in Categories.", columns.Message);
    }

    [TestMethod]
    public void Validate_OfOptionsThatDontFitTogether_SaysWhatIsAllowed()
    {
        var width = Assert.Throws<Exception>((Small with { Width = 9 }).Validate);
        var padding = Assert.Throws<Exception>((Small with { Padding = 3 }).Validate);

        Assert.AreEqual("TransformerClassifier: Width is 9, which 2 heads don't divide evenly; allowed are multiples of 2.", width.Message);
        Assert.AreEqual("TransformerClassifier: Padding is 3; allowed are numbers below the Vocabulary, which is not given.", padding.Message);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Fit_OfARuleBetweenColumns_LearnsIt(bool transformer)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var features = randn(256, 4);
        using var data = new TensorDataset(features, features.select(1, 0).mul(features.select(1, 2)).gt(0).to(ScalarType.Int64));   // a sum can't tell
        NetworkDefinition network = transformer ? Small : new TabularResNet { Width = 16 };
        var trainer = new Trainer(new TrainerOptions { Epochs = 15, BatchSize = 32, Optimizer = new AdamW { LearningRate = 1e-2 }, Seed = 1 });

        using var result = trainer.Fit(network, Objective.Multiclass(2), data, data);

        Assert.IsGreaterThan(0.9, result.History[^1].Metrics["validation/accuracy"]);
    }

    private static nn.Module<Tensor, Tensor> Create(NetworkDefinition definition, long[] shape) =>
        (nn.Module<Tensor, Tensor>)definition.Create(NetworkContext.Of(shape, outputs: 2));
}
