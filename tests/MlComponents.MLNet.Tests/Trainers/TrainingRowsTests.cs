using System.Globalization;

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

        StringAssert.Contains(e.Message, $"Row 41 of the training rows, counted from 0, can't be learned from: the feature column 'Features' has {value.ToString(CultureInfo.InvariantCulture)} at index 2.", StringComparison.Ordinal);
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

        StringAssert.Contains(e.Message, $"Row 3 of the training rows, counted from 0, can't be learned from: the weight column 'Weight' has {weight.ToString(CultureInfo.InvariantCulture)}, but", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfARowThatCantBeLearnedFrom_SaysItAlikeInEveryCulture()
    {
        var rows = BlobRow.Create(60);
        rows[3].Weight = -1.5f;
        rows[5].Sum = float.PositiveInfinity;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat = new() { NumberDecimalSeparator = ",", PositiveInfinitySymbol = "unendlich" };
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            var weight = Assert.ThrowsExactly<InvalidDataException>(
                () => Regression(Blobs.Options with { ExampleWeightColumnName = "Weight" }).Fit(ml.Data.LoadFromEnumerable(rows)));
            var label = Assert.ThrowsExactly<InvalidDataException>(() => Regression().Fit(ml.Data.LoadFromEnumerable(rows)));
            rows[5].Features[1] = float.PositiveInfinity;
            var feature = Assert.ThrowsExactly<InvalidDataException>(() => Regression().Fit(ml.Data.LoadFromEnumerable(rows)));

            StringAssert.Contains(weight.Message, "'Weight' has -1.5, but", StringComparison.Ordinal);
            StringAssert.Contains(label.Message, "'Sum' has Infinity.", StringComparison.Ordinal);
            StringAssert.Contains(feature.Message, "'Features' has Infinity at index 1.", StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void Fit_WithAFractionThatLeavesOneClass_SaysWhichAndWhatToDo()
    {
        var two = BlobRow.Create(2);   // one is left: red or green

        var multiclass = Assert.ThrowsExactly<InvalidDataException>(() => ml.MulticlassClassification.Trainers
            .Torch(Blobs.Network, Blobs.Options with { ValidationFraction = 0.5, BatchSize = 1 }).Fit(Blobs.Keyed(ml, rows: 2)));
        var binary = Assert.ThrowsExactly<InvalidDataException>(() => ml.BinaryClassification.Trainers
            .Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "IsRed", ValidationFraction = 0.5, BatchSize = 1 }).Fit(ml.Data.LoadFromEnumerable(two)));

        var left = binary.Message.Contains("true", StringComparison.Ordinal) ? "red" : "green";
        StringAssert.Contains(multiclass.Message, $"ValidationFraction is 0.5, which leaves 1 training rows, all with the same label, '{left}', in the column 'Label'", StringComparison.Ordinal);
        StringAssert.Contains(multiclass.Message, "use a smaller fraction, another seed, or a ValidationSet", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_WithAFractionOfANumbersRows_NeedsNoSecondValue() =>
        Regression(Blobs.Options with { ValidationFraction = 0.5, BatchSize = 1, Epochs = 1 }).Fit(Blobs.View(ml, rows: 2)).Dispose();

    [TestMethod]
    public void Fit_OfAnEmptyValidationSet_SaysSo()
    {
        var options = Blobs.Options with { ValidationSet = ml.Data.LoadFromEnumerable(Array.Empty<BlobRow>()) };

        var e = Assert.ThrowsExactly<InvalidDataException>(() => Regression(options).Fit(Blobs.View(ml)));

        StringAssert.Contains(e.Message, "There are no validation rows.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfAValidationSetWithOtherKeys_NamesTheFirstThatDiffers()
    {
        var other = ml.Data.LoadFromEnumerable(BlobRow.Create(30).Skip(1));   // green first
        var validation = ml.Transforms.Conversion.MapValueToKey("Label").Fit(other).Transform(other);

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { ValidationSet = validation }).Fit(Blobs.Keyed(ml)));

        StringAssert.Contains(e.Message, "label column 'Label': expected key 1 to stand for 'red' in the validation set as in the training rows", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, "got 'green'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfAValidationSetWithFewerClasses_NamesBothTypes()
    {
        var other = ml.Data.LoadFromEnumerable(BlobRow.Create(2));
        var validation = ml.Transforms.Conversion.MapValueToKey("Label").Fit(other).Transform(other);

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { ValidationSet = validation }).Fit(Blobs.Keyed(ml)));

        StringAssert.Contains(e.Message, "label column 'Label': expected Key<UInt32, 0-2> in the validation set as in the training rows, got Key<UInt32, 0-1>.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfAValidationSetWithoutTheWeights_NamesTheColumn()
    {
        var options = Blobs.Options with { ExampleWeightColumnName = "Weight", ValidationSet = ml.Transforms.DropColumns("Weight").Fit(Blobs.View(ml)).Transform(Blobs.View(ml)) };

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Regression(options).Fit(Blobs.View(ml)));

        StringAssert.Contains(e.Message, "weight column 'Weight': expected Single, got no column of that name", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfSparseFeatures_LearnsTheSameBitsAsOfDenseOnes()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 60).Select(i => (At: i % 4, Value: (float)random.NextDouble())).ToList();
        var dense = rows.Select(row => new VectorRow { Features = new(4, [.. Enumerable.Range(0, 4).Select(f => f == row.At ? row.Value : 0)]), Sum = row.Value });
        var sparse = rows.Select(row => new VectorRow { Features = new(4, 1, [row.Value], [row.At]), Sum = row.Value });

        using var expected = Regression().Fit(ml.Data.LoadFromEnumerable(dense));
        using var actual = Regression().Fit(ml.Data.LoadFromEnumerable(sparse));

        CollectionAssert.AreEqual(ScoreText.Of(expected.Transform(Blobs.View(ml))).ToArray(), ScoreText.Of(actual.Transform(Blobs.View(ml))).ToArray());
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
    public void Fit_ByALossOfMoreOutputsThanScoreHas_SaysWhatToDo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Regression(Blobs.Options with { Loss = new Quantile { Quantiles = [0.1, 0.5, 0.9] } }).Fit(Blobs.View(ml)));

        Assert.AreEqual("The loss needs 3 outputs per row, but the column Score has 1: give it one quantile, or train with a Trainer.", error.Message);
    }

    [TestMethod]
    public void Torch_WithTwoKindsOfValidation_IsRefusedAtOnce() => Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(
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

    private sealed class VectorRow
    {
        [VectorType(4)]
        public VBuffer<float> Features { get; set; }

        public float Sum { get; set; }
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
