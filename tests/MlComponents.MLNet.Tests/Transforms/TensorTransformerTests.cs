namespace MlComponents.MLNet.Tests.Transforms;

[TestClass]
public sealed class TensorTransformerTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Transform_BeforeItIsRead_ComputesNothing()
    {
        var operation = TestOperation.Sum;

        var result = Transformed(operation, Blobs.View(ml));
        _ = result.GetColumn<float[]>("Features").Count();

        Assert.IsEmpty(operation.Batches);
    }

    [TestMethod]
    public void Transform_OfManyRows_ComputesOnceABatch()
    {
        var operation = TestOperation.Sum;

        var sums = Transformed(operation, Blobs.View(ml, rows: 600)).GetColumn<double>("Out").ToList();

        CollectionAssert.AreEqual(new long[] { 16, 32, 64, 128, 256, 104 }, operation.Batches);
        var expected = BlobRow.Create(600).Select(row => row.Features.Sum(x => (double)x)).ToList();
        for (var i = 0; i < 600; i++)
            Assert.AreEqual(expected[i], sums[i], 1e-12);
    }

    [TestMethod]
    public void TakeAndPreview_ComputeOneBatch()
    {
        var operation = TestOperation.Sum;
        var result = Transformed(operation, Blobs.View(ml, rows: 600));

        Assert.AreEqual(3, ml.Data.TakeRows(result, 3).GetColumn<double>("Out").Count());
        Assert.HasCount(5, result.Preview(maxRows: 5).RowView);

        CollectionAssert.AreEqual(new long[] { 16, 16 }, operation.Batches);
    }

    [TestMethod]
    public void Transform_OfASourceThatCantBeRepeated_ReadsItOnce()
    {
        var enumerations = 0;
        IEnumerable<BlobRow> Once()
        {
            enumerations++;
            var random = new Random(5);
            for (var i = 0; i < 300; i++)
                yield return new BlobRow { Features = [i, (float)random.NextDouble(), 0, 0], Sum = i };
        }

        var result = Transformed(new(_ => new(ScalarType.Float32, []), inputs => inputs[0].select(1, 0)), ml.Data.LoadFromEnumerable(Once()));

        var pairs = ml.Data.CreateEnumerable<SumAndOut>(result, reuseRowObject: false, ignoreMissingColumns: true).ToList();
        Assert.AreEqual(1, enumerations);
        Assert.HasCount(300, pairs);
        foreach (var pair in pairs)
            Assert.AreEqual(pair.Sum, pair.Out);
    }

    [TestMethod]
    [DataRow(4_000_000, 1)]
    [DataRow(100_000, 41)]
    [DataRow(4, 256)]
    public void BatchSize_OfLargeRows_IsBounded(int width, int expected)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, width));

        var columns = new OperationColumns(schema.ToSchema(), TestOperation.Identity, "Out", ["Features"]);

        Assert.AreEqual(expected, columns.BatchSize);
    }

    [TestMethod]
    public void Schema_OfGetOutputSchema_IsThatOfTransformMapperAndShape()
    {
        var rows = Blobs.Keyed(ml);
        IEstimator<ITransformer>[] estimators =
        [
            ml.Torch.Apply("Out", TestOperation.Sum, "Features", "Sum"),
            ml.Torch.Apply("Features", TestOperation.Identity),
            ml.Torch.Apply("Out", new PairDifferences(), "Features"),
            ml.Torch.Apply("Out", TestOperation.Identity, "Label"),
            ml.Torch.LayerNormalize("Features"),
            ml.Torch.GroupNormalize("Out", groups: 2, "Features"),
            ml.Torch.BatchNormalize("Out", "Features"),
            ml.Torch.BatchNormalize("Sum"),
        ];

        foreach (var estimator in estimators)
        {
            var model = estimator.Fit(rows);
            var transformed = model.Transform(rows).Schema;
            var expected = transformed.Select(column => $"{column.Name} {column.Type} {column.IsHidden}").ToList();

            CollectionAssert.AreEqual(expected, model.GetOutputSchema(rows.Schema).Select(column => $"{column.Name} {column.Type} {column.IsHidden}").ToList());
            CollectionAssert.AreEqual(expected, model.GetRowToRowMapper(rows.Schema).OutputSchema.Select(column => $"{column.Name} {column.Type} {column.IsHidden}").ToList());
            CollectionAssert.AreEquivalent(SchemaShapes.Described(SchemaShapes.Of(transformed)), SchemaShapes.Described(estimator.GetOutputSchema(SchemaShapes.Of(rows.Schema))));
        }
    }

    [TestMethod]
    public void Transform_OntoAColumnOfTheSameName_HidesIt()
    {
        var rows = Blobs.View(ml);

        var result = ml.Torch.Apply("Features", TestOperation.Sum).Fit(rows).Transform(rows);

        Assert.AreEqual(NumberDataViewType.Double, result.Schema["Features"].Type);
        Assert.AreEqual(BlobRow.Create(1)[0].Features.Sum(x => (double)x), result.GetColumn<double>("Features").First(), 1e-12);
    }

    [TestMethod]
    public void Fit_WithoutTheColumn_NamesItAndThoseThatAreThere()
    {
        var estimator = ml.Torch.Apply("Out", TestOperation.Sum, "Features", "Colour");

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Blobs.View(ml)));

        StringAssert.Contains(e.Message, "Schema mismatch for input column 'Colour': expected Single, Double", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, "got no column of that name; there are Features, Label, IsRed, Sum, Weight", StringComparison.Ordinal);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShapes.Of(Blobs.View(ml).Schema)));
    }

    [TestMethod]
    public void Fit_OfColumnsThatTheOperationRefuses_SaysWhichAndWhy()
    {
        var estimator = ml.Torch.Apply("Out", new PairDifferences(), "Sum");

        var fit = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Blobs.View(ml)));
        var shape = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShapes.Of(Blobs.View(ml).Schema)));

        const string Expected = "Schema mismatch for input 'Sum' (Single): PairDifferences takes one vector of Float32, but was given Float32 []. (Parameter 'inputSchema')";
        Assert.AreEqual(Expected, fit.Message);
        Assert.AreEqual(Expected, shape.Message);
    }

    [TestMethod]
    public void Transform_OfAnotherSchemaThanInFit_IsCheckedAgain()
    {
        var model = ml.Torch.GroupNormalize("Features", groups: 4).Fit(ml.Data.LoadFromEnumerable(new[] { new EightFeatures() }));

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(ml.Data.LoadFromEnumerable(new[] { new SixFeatures() })));

        StringAssert.Contains(e.Message, "Schema mismatch for input 'Features' (Vector<Single, 6>): GroupNormalize takes rows with the channels first", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Apply_WithBadArguments_SaysSoAtOnce()
    {
        Assert.ThrowsExactly<ArgumentException>(() => ml.Torch.Apply("", TestOperation.Sum, "Features"));
        Assert.ThrowsExactly<ArgumentException>(() => ml.Torch.Apply("Out", TestOperation.Sum, "Features", ""));
        Assert.ThrowsExactly<ArgumentNullException>(() => ml.Torch.Apply("Out", null!));
        var e = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => ml.Torch.LayerNormalize("Features", epsilon: 0));
        Assert.AreEqual("LayerNormalize.Epsilon is 0; allowed is above 0 and at most 1.", e.Message);
    }

    [TestMethod]
    public void Transform_WhenTheOperationFails_NamesTheRows()
    {
        var operation = TestOperation.Sum;
        var result = Transformed(operation, Blobs.View(ml));
        using var cursor = result.GetRowCursor(result.Schema);
        for (var i = 0; i < 16; i++)
            cursor.MoveNext();
        operation.Fails = true;

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.MoveNext());

        Assert.AreEqual("The operation TestOperation failed on the rows 16 to 47, counted from 0: told to fail", e.Message);
        operation.Fails = false;
        Assert.IsFalse(cursor.MoveNext());   // the failed rows can't be read again
    }

    [TestMethod]
    public void Transform_WhenTheOperationReturnsSomethingElse_SaysWhat()
    {
        var wrong = TestOperation.Identity with { Function = inputs => inputs[0].sum(1) };
        var nothing = TestOperation.Identity with { Function = _ => null! };

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => Transformed(wrong, Blobs.View(ml)).GetColumn<float[]>("Out").First());
        var none = Assert.ThrowsExactly<InvalidOperationException>(() => Transformed(nothing, Blobs.View(ml)).GetColumn<float[]>("Out").First());

        StringAssert.EndsWith(e.Message, "it returned Float32 [16] where its Infer says Float32 [16, 4]", StringComparison.Ordinal);
        StringAssert.EndsWith(none.Message, "it returned null", StringComparison.Ordinal);
    }

    [TestMethod]
    public void PredictionEngine_ComputesOncePerPrediction_AndLeavesNoTensor()
    {
        var operation = TestOperation.Sum;
        var model = ml.Torch.Apply("Out", operation, "Features").Fit(Blobs.View(ml));
        using var engine = ml.Model.CreatePredictionEngine<BlobRow, OutOfDouble>(model);
        var rows = BlobRow.Create(10);
        engine.Predict(rows[0]);
        var before = TensorAssert.LiveCount();

        foreach (var row in rows)
            Assert.AreEqual(row.Features.Sum(x => (double)x), engine.Predict(row).Out, 1e-12);

        Assert.AreEqual(before, Tensor.TotalCount);
        CollectionAssert.AreEqual(Enumerable.Repeat(1L, 11).ToArray(), operation.Batches);
    }

    [TestMethod]
    public void Transform_InAUsersDisposeScope_LeavesNoTensorAndWorksAfterIt()
    {
        var before = TensorAssert.LiveCount();
        IDataView result;
        using (NewDisposeScope())
        {
            result = Transformed(TestOperation.Sum, Blobs.View(ml));
            TensorAssert.LeavesOnly(0, () => _ = result.GetColumn<double>("Out").Count());
        }

        Assert.AreEqual(120, result.GetColumn<double>("Out").Count());
        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void Cursor_ReadToItsEnd_FreesItsTensorsWithoutBeingDisposed()
    {
        var result = Transformed(TestOperation.Sum, Blobs.View(ml));
        var before = TensorAssert.LiveCount();

        var cursor = result.GetRowCursor(result.Schema);
        while (cursor.MoveNext())
            Assert.AreEqual(before + 1, Tensor.TotalCount);

        Assert.AreEqual(before, Tensor.TotalCount);
        Assert.IsFalse(cursor.MoveNext());
        cursor.Dispose();
        cursor.Dispose();
    }

    [TestMethod]
    public void Transform_OnManyThreads_GivesTheSameResults()
    {
        var result = Transformed(TestOperation.Sum, Blobs.View(ml, rows: 500));
        var expected = result.GetColumn<double>("Out").ToArray();

        var all = new double[8][];
        Parallel.For(0, all.Length, i => all[i] = [.. result.GetColumn<double>("Out")]);

        foreach (var actual in all)
            CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Fit_OfNoRows_NeedsNone()
    {
        var rows = ml.Data.LoadFromEnumerable(Array.Empty<BlobRow>());

        var result = ml.Torch.LayerNormalize("Features").Fit(rows).Transform(rows);

        Assert.AreEqual(0, result.GetColumn<float[]>("Features").Count());
    }

    [TestMethod]
    public void Pipeline_WithTrainersAndOtherTransforms_LearnsEvaluatesAndPredicts()
    {
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Torch.BatchNormalize("Features"))
            .Append(ml.Torch.LayerNormalize("Layered", "Features"))
            .Append(ml.Transforms.Concatenate("Features", "Features", "Layered"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy())
            .Append(ml.Torch.Apply("Best", new TestOperation(_ => new(ScalarType.Int64, []), inputs => inputs[0].argmax(1)), "Score"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var rows = Blobs.View(ml);

        var model = pipeline.Fit(rows);
        var scored = model.Transform(Blobs.View(ml, seed: 2));

        Assert.IsGreaterThan(0.95, ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
        string[] names = ["red", "green", "blue"];
        CollectionAssert.AreEqual(
            scored.GetColumn<ReadOnlyMemory<char>>("PredictedLabel").Select(name => name.ToString()).ToList(), scored.GetColumn<long>("Best").Select(best => names[best]).ToList());
        using var engine = ml.Model.CreatePredictionEngine<BlobRow, Prediction>(model);
        Assert.AreEqual("green", engine.Predict(BlobRow.Create(3)[1]).PredictedLabel);
        Assert.HasCount(3, ml.MulticlassClassification.CrossValidate(rows, pipeline, numberOfFolds: 3));
    }

    [TestMethod]
    public void Normalizations_OfNamedSlots_KeepTheirNames()
    {
        var rows = ml.Transforms.Concatenate("Features", "Sum", "Weight").Fit(Blobs.View(ml)).Transform(Blobs.View(ml));

        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[] { ml.Torch.LayerNormalize("Out", "Features"), ml.Torch.BatchNormalize("Out", "Features") })
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            estimator.Fit(rows).Transform(rows).Schema["Out"].GetSlotNames(ref names);

            Assert.AreEqual("Sum Weight", string.Join(" ", names.DenseValues()));
        }
        Assert.IsFalse(ml.Torch.Apply("Out", TestOperation.Identity, "Features").Fit(rows).Transform(rows).Schema["Out"].HasSlotNames());
    }

    private IDataView Transformed(TestOperation operation, IDataView rows) => ml.Torch.Apply("Out", operation, "Features").Fit(rows).Transform(rows);

    private sealed class SumAndOut
    {
        public float Sum { get; set; }

        public float Out { get; set; }
    }

    private sealed class OutOfDouble
    {
        public double Out { get; set; }
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";
    }

    private sealed class EightFeatures
    {
        [VectorType(8)]
        public float[] Features { get; set; } = [1, 2, 3, 4, 5, 6, 7, 8];
    }

    private sealed class SixFeatures
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [1, 2, 3, 4, 5, 6];
    }
}
