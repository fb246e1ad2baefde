namespace MlComponents.MLNet.Tests.Trainers;

[TestClass]
public sealed class TrainingRowsTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void Fit_OfAFeatureThatIsntFinite_NamesRowColumnAndIndex(float value)
    {
        var rows = BlobRow.Create(60);
        rows[41].Features[2] = value;

        var e = Assert.ThrowsExactly<InvalidDataException>(() => Regression().Fit(ml.Data.LoadFromEnumerable(rows)));

        StringAssert.Contains(e.Message, $"Row 41 of the training rows, counted from 0, can't be learned from: the feature column 'Features' has {value} at index 2.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfALabelThatIsntFinite_NamesTheRow()
    {
        var rows = BlobRow.Create(60);
        rows[7].Sum = float.NaN;

        var e = Assert.ThrowsExactly<InvalidDataException>(() => Regression().Fit(ml.Data.LoadFromEnumerable(rows)));

        StringAssert.Contains(e.Message, "Row 7 of the training rows, counted from 0, can't be learned from: the label column 'Sum' has NaN.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfAMissingKey_NamesTheRow()
    {
        var known = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Blobs.View(ml));
        var rows = BlobRow.Create(60);
        rows[9].Label = "violet";

        var e = Assert.ThrowsExactly<InvalidDataException>(
            () => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(known.Transform(ml.Data.LoadFromEnumerable(rows))));

        StringAssert.Contains(e.Message, "Row 9 of the training rows, counted from 0, can't be learned from: the label column 'Label' has a missing key.", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    public void Fit_OfAWeightThatIsntAllowed_NamesTheRow(float weight)
    {
        var rows = BlobRow.Create(60);
        rows[3].Weight = weight;
        var trainer = ml.Regression.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "Sum", ExampleWeightColumnName = "Weight" });

        var e = Assert.ThrowsExactly<InvalidDataException>(() => trainer.Fit(ml.Data.LoadFromEnumerable(rows)));

        StringAssert.Contains(e.Message, $"Row 3 of the training rows, counted from 0, can't be learned from: the weight column 'Weight' has {weight}, but", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_WithSkip_LeavesInvalidRowsOutAndSaysHowMany()
    {
        var rows = BlobRow.Create(60);
        rows[0].Features[0] = float.NaN;
        rows[59].Sum = float.PositiveInfinity;
        rows[30].Features[3] = float.NegativeInfinity;
        var trained = 0L;
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.RawMessage);
        var options = Blobs.Options with { InvalidRows = InvalidRows.Skip, Callbacks = [new LambdaCallback { OnTrainStart = e => trained = e.Run.TrainingRows }] };

        Regression(options).Fit(ml.Data.LoadFromEnumerable(rows)).Dispose();

        Assert.AreEqual(57, trained);
        Assert.IsTrue(messages.Exists(message => message.StartsWith("3 of 60 training rows were left out", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_WithSkip_LearnsWhatTheValidRowsAloneTeach()
    {
        var rows = BlobRow.Create(60);
        var polluted = rows.SelectMany((row, i) => i % 5 == 0 ? new[] { new BlobRow { Features = [1, float.NaN, 0, 0], Sum = 1 }, row } : [row]);
        var options = Blobs.Options with { InvalidRows = InvalidRows.Skip };

        using var expected = Regression(options).Fit(ml.Data.LoadFromEnumerable(rows));
        using var actual = Regression(options).Fit(ml.Data.LoadFromEnumerable(polluted));

        CollectionAssert.AreEqual(ScoreText.Of(expected.Transform(Blobs.View(ml))).ToArray(), ScoreText.Of(actual.Transform(Blobs.View(ml))).ToArray());
    }

    [TestMethod]
    public void Fit_OfNoRows_SaysSo()
    {
        var e = Assert.ThrowsExactly<InvalidDataException>(() => Regression().Fit(ml.Data.LoadFromEnumerable(Array.Empty<BlobRow>())));

        StringAssert.Contains(e.Message, "There are no training rows.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfOneClass_SaysWhich()
    {
        var red = ml.Data.FilterRowsByKeyColumnFraction(Blobs.Keyed(ml), "Label", 0, 1.0 / 3);

        var multiclass = Assert.ThrowsExactly<InvalidDataException>(() => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(red));
        var binary = Assert.ThrowsExactly<InvalidDataException>(
            () => ml.BinaryClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "IsRed" }).Fit(red));

        StringAssert.Contains(multiclass.Message, "All 40 training rows have the same label, 'red', in the column 'Label'", StringComparison.Ordinal);
        StringAssert.Contains(binary.Message, "All 40 training rows have the same label, true, in the column 'IsRed'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfAKeyOf2_TakesTheSecondAsYes()
    {
        var rows = ml.Data.FilterRowsByKeyColumnFraction(Blobs.Keyed(ml), "Label", 0, 2.0 / 3);
        var view = ml.Transforms.Conversion.MapKeyToValue("Text", "Label").Append(ml.Transforms.Conversion.MapValueToKey("Two", "Text")).Fit(rows).Transform(rows);
        using var model = ml.BinaryClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "Two" }).Fit(view);

        var scored = model.Transform(view);

        CollectionAssert.AreEqual(scored.GetColumn<string>("Text").Select(text => text == "green").ToArray(), scored.GetColumn<bool>("PredictedLabel").ToArray());
        foreach (var (score, probability) in scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Probability")))
            Assert.AreEqual(1 / (1 + Math.Exp(-score)), probability, 1e-6);
    }

    [TestMethod]
    public void Fit_OfABatchLargerThanTheData_SaysHowManyRowsThereAre()
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => Regression(Blobs.Options with { BatchSize = 61 }).Fit(Blobs.View(ml, rows: 60)));

        StringAssert.Contains(e.Message, "BatchSize is 61, but there are only 60 training rows", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfAValidationSetWithOtherFeatures_NamesBothTypes()
    {
        var three = ml.Data.LoadFromEnumerable(new[] { new ThreeFeatures() });

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Regression(Blobs.Options with { ValidationSet = three }).Fit(Blobs.View(ml)));

        StringAssert.Contains(e.Message, "feature column 'Features': expected Vector<Single, 4> in the validation set as in the training rows, got Vector<Single, 3>.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_CancelledWhileRowsAreRead_Throws()
    {
        using var source = new CancellationTokenSource();
        IEnumerable<BlobRow> Rows()
        {
            foreach (var row in BlobRow.Create(100))
                yield return row;
            source.Cancel();
            yield return BlobRow.Create(1)[0];
        }

        Assert.ThrowsExactly<OperationCanceledException>(() => Regression(Blobs.Options with { CancellationToken = source.Token }).Fit(ml.Data.LoadFromEnumerable(Rows())));
    }

    [TestMethod]
    public void Fit_LeavesNothingInAUsersScope() => TensorAssert.LeavesOnly(0, () => Regression().Fit(Blobs.View(ml)).Dispose());

    [TestMethod]
    public void Torch_OfABatchSizeOf0_IsRefusedAtOnce() =>
        Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => ml.Regression.Trainers.Torch(Blobs.Network, batchSize: 0));

    [TestMethod]
    public void Torch_WithTwoKindsOfValidation_IsRefusedAtOnce() => Assert.ThrowsExactly<ArgumentException>(
        () => ml.Regression.Trainers.Torch(Blobs.Network, Blobs.Options with { ValidationFraction = 0.1, ValidationSet = Blobs.View(ml) }));

    [TestMethod]
    [DataRow(1)]
    [DataRow(1024)]
    [DataRow(200_000)]
    public void Fit_OfRowsWithoutAKnownNumber_ReadsThemAll(int count)
    {
        var trained = 0L;
        IEnumerable<BlobRow> Rows()
        {
            foreach (var row in BlobRow.Create(count))
                yield return row;
        }
        var options = Blobs.Options with { Epochs = 1, BatchSize = 1, DryRun = true, Callbacks = [new LambdaCallback { OnTrainStart = e => trained = e.Run.TrainingRows }] };

        Regression(options).Fit(ml.Data.LoadFromEnumerable(Rows())).Dispose();

        Assert.AreEqual(count, trained);
    }

    private sealed class ThreeFeatures
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [1, 2, 3];

        public float Sum { get; set; }
    }

    private TorchTrainer Regression(TorchTrainerOptions? options = null) =>
        ml.Regression.Trainers.Torch(Blobs.Network, (options ?? Blobs.Options) with { LabelColumnName = "Sum" });
}
