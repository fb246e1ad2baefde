namespace MlComponents.MLNet.Tests.Trainers;

/// <summary>The trainer among ML.NET's own parts.</summary>
[TestClass]
public sealed class PipelineTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void CrossValidate_OfAPipeline_TrainsAFreshNetworkPerFold()
    {
        var folds = ml.MulticlassClassification.CrossValidate(Blobs.Keyed(ml, rows: 150), ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options), numberOfFolds: 3);

        Assert.HasCount(3, folds);
        foreach (var fold in folds)
            Assert.IsGreaterThan(0.9, fold.Metrics.MicroAccuracy);
        Assert.HasCount(3, folds.Select(fold => ((TorchTransformer)fold.Model).Model.Network).Distinct());
    }

    [TestMethod]
    public void PermutationFeatureImportance_OfTheTransformer_FindsTheFeaturesThatMatter()
    {
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(Blobs.Keyed(ml));

        var importance = ml.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(Blobs.Keyed(ml)), permutationCount: 2);

        Assert.HasCount(4, importance);
        Assert.IsLessThan(importance[3].MicroAccuracy.Mean, importance[0].MicroAccuracy.Mean);
    }

    [TestMethod]
    public void PermutationFeatureImportance_OfAChain_FindsTheFeaturesThatMatter()
    {
        var rows = ml.Data.LoadFromEnumerable(BlobRow.Create(120).Select(row => new Wide { A = row.Features[0], B = row.Features[1], C = row.Features[2], Label = row.Label }));
        var prepared = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.Concatenate("Features", "A", "B", "C")).Fit(rows).Transform(rows);
        var model = ml.Transforms.NormalizeMinMax("Features").Append(ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options)).Fit(prepared);

        var importance = ml.MulticlassClassification.PermutationFeatureImportance((ITransformer)model, model.Transform(prepared), permutationCount: 2);

        CollectionAssert.AreEquivalent(new[] { "A", "B", "C" }, importance.Keys.ToArray());
    }

    [TestMethod]
    public void Chain_WithACacheAndPartsBeforeAndAfter_FitsAndPredicts()
    {
        var chain = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.NormalizeMinMax("Features"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"));
        using var model = chain.Fit(Blobs.View(ml));

        using var engine = ml.Model.CreatePredictionEngine<BlobRow, Named>(model, new PredictionEngineOptions { OwnsTransformer = false });

        foreach (var row in BlobRow.Create(9, seed: 6))
            Assert.AreEqual(row.Label, engine.Predict(row).Name);
        Assert.IsTrue(chain.GetOutputSchema(SchemaShapes.Of(Blobs.View(ml).Schema)).Any(column => column.Name == "Name"));
    }

    [TestMethod]
    public void Evaluate_OfLabelsThatTrainingNeverSaw_CountsThemAsWrong()
    {
        var onlyTwo = ml.Data.FilterRowsByKeyColumnFraction(Blobs.Keyed(ml), "Label", 0, 2.0 / 3);
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(onlyTwo);

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(Blobs.Keyed(ml)));

        Assert.AreEqual(2.0 / 3, metrics.MicroAccuracy, 0.05);
    }

    [TestMethod]
    public void Evaluate_OfUnknownLabelsWithTheMappingInTheChain_LeavesThemOut()
    {
        // The fitted MapValueToKey has no key for blue and gives a missing one; ML.NET's evaluator skips rows without a label, so they count
        // neither as right nor as wrong, and only the confusion matrix's two classes are left.
        var onlyTwo = ml.Data.LoadFromEnumerable(BlobRow.Create(120).Where(row => row.Label != "blue"));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options)).Fit(onlyTwo);

        var scored = model.Transform(Blobs.View(ml));
        var metrics = ml.MulticlassClassification.Evaluate(scored);

        Assert.AreEqual(40, scored.GetColumn<uint>("Label").Count(key => key == 0));
        Assert.AreEqual(80, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
        Assert.AreEqual(1, metrics.MicroAccuracy);
    }

    [TestMethod]
    public void Evaluate_OfClasses_NamesThemInTheConfusionMatrix()
    {
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(Blobs.Keyed(ml));

        var table = ml.MulticlassClassification.Evaluate(model.Transform(Blobs.Keyed(ml))).ConfusionMatrix.GetFormattedConfusionTable();

        StringAssert.Contains(table, "green", StringComparison.Ordinal);
    }

    private sealed class Wide
    {
        public float A { get; set; }

        public float B { get; set; }

        public float C { get; set; }

        public string Label { get; set; } = "";
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }
}
