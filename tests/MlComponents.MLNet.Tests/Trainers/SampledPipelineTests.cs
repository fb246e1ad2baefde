namespace MlComponents.MLNet.Tests.Trainers;

/// <summary>Samplers in a pipeline.</summary>
[TestClass]
public sealed class SampledPipelineTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Fit_WithASampler_ReadsAsManyRowsAndSavesIt()
    {
        var counts = (Rows: 0L, Batches: 0L);
        var options = Blobs.Options with
        {
            Epochs = 2, Sampler = new ClassBalancedDraws { Count = 48, Power = 0.5 }, Callbacks = [new LambdaCallback { OnTrainStart = e => counts = (e.Run.TrainingRows, e.Run.BatchesPerEpoch) }],
        };
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options).Fit(Blobs.Keyed(ml));
        using var stream = new MemoryStream();

        ml.Model.Save(model, Blobs.Keyed(ml).Schema, stream);
        stream.Position = 0;
        var loaded = (TorchTransformer)ml.Model.Load(stream, out _);

        Assert.AreEqual((48L, 3L), counts);
        Assert.AreEqual(new ClassBalancedDraws { Count = 48, Power = 0.5 }, loaded.Model.Options.Sampler);
        loaded.Dispose();
    }

    [TestMethod]
    public void Fit_WithWeightedDraws_LearnsFromTheRowsThatWeigh()
    {
        var rows = BlobRow.Create(240).Index().Select(each => new BlobRow
        {
            Features = each.Item.Features, Label = each.Index % 2 == 0 ? each.Item.Label : "red", IsRed = each.Index % 2 == 1 || each.Item.IsRed, Weight = each.Index % 2 == 0 ? 1 : 0,
        });
        var options = Blobs.Options with { LabelColumnName = "IsRed", ExampleWeightColumnName = "Weight", Sampler = new WeightedDraws { Count = 120 } };

        using var model = ml.BinaryClassification.Trainers.Torch(Blobs.Network, options).Fit(ml.Data.LoadFromEnumerable(rows));

        var scored = model.Transform(Blobs.View(ml));
        var right = scored.GetColumn<bool>("PredictedLabel").Zip(scored.GetColumn<bool>("IsRed")).Count(pair => pair.First == pair.Second);
        Assert.IsGreaterThan(110, right);   // of 120; of rows drawn evenly half of those that aren't red say that they are
    }

    [TestMethod]
    public void Fit_WithWeightedDrawsAndNoWeights_SaysWhichOptionNamesThem()
    {
        var trainer = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Sampler = new WeightedDraws() });

        var error = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Blobs.Keyed(ml)));

        StringAssert.StartsWith(error.Message, "The training rows have no tensor 'weight' to be drawn by: give each row a weight, in a pipeline by ExampleWeightColumnName.");
    }

    [TestMethod]
    public void Unregistered_OfASamplerThatIsAFunction_NamesIt()
    {
        var options = Blobs.Options with { Sampler = SamplerDefinition.From(context => new SequentialSampler(context.Count)) };

        CollectionAssert.AreEqual(new[] { "Sampler (LambdaSampler)" }, options.Unregistered(ComponentRegistry.Default).ToArray());
    }
}
