namespace MlComponents.MLNet.Tests.Transforms;

[TestClass]
public sealed class BatchNormalizeTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Transform_OfTheTrainingRows_EqualsPyTorchInTrainMode()
    {
        using var scope = NewDisposeScope();
        var rows = BlobRow.Create(5000);   // more than are read at once
        var view = ml.Data.LoadFromEnumerable(rows);
        var features = tensor(rows.SelectMany(row => row.Features).ToArray()).view(5000, 4);

        var actual = ml.Torch.BatchNormalize("Features").Fit(view).Transform(view).GetColumn<float[]>("Features");

        var expected = nn.functional.batch_norm(features, zeros(4), ones(4), training: true);
        TensorAssert.AreClose(expected, tensor(actual.SelectMany(row => row).ToArray()).view(5000, 4), 1e-5);
    }

    [TestMethod]
    public void Transform_PerChannel_EqualsPyTorchInTrainMode()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var images = 4 + 3 * randn([50, 2, 3, 2], generator: generator) * tensor(new[] { 1f, 10 }).view(1, 2, 1, 1);
        var view = Images(images);

        var model = ml.Torch.BatchNormalize("Image", options: new() { PerChannel = true, Epsilon = 1e-3, Scale = 2, Shift = 0.5 }).Fit(view);
        var actual = model.Transform(view);

        var expected = nn.functional.batch_norm(images, zeros(2), ones(2), weight: full([2], 2f), bias: full([2], 0.5f), training: true, eps: 1e-3);
        Assert.HasCount(2, model.Means);
        Assert.AreEqual("Vector<Single, 2, 3, 2>", actual.Schema["Image"].Type.ToString());
        TensorAssert.AreClose(expected, tensor(actual.GetColumn<float[]>("Image").SelectMany(row => row).ToArray()).view(50, 2, 3, 2), 1e-5);
    }

    [TestMethod]
    public void Fit_OfNumbers_LearnsMeanAndBiasedVariance()
    {
        var model = ml.Torch.BatchNormalize("Out", "Number").Fit(Numbers(1, 2, 3, 6));

        Assert.AreEqual(3, model.Means.Single());
        Assert.AreEqual(3.5, model.Variances.Single());   // (4 + 1 + 0 + 9) / 4
        Assert.AreEqual(4, model.Rows);
    }

    [TestMethod]
    public void Fit_OfLargeNumbersCloseTogether_LosesNothing()
    {
        var rows = Numbers([.. Enumerable.Range(0, 10_000).Select(i => 1e12 + i % 2)]);

        var model = ml.Torch.BatchNormalize("Out", "Number", new() { Epsilon = 1e-12 }).Fit(rows);

        Assert.AreEqual(0.25, model.Variances.Single(), 1e-9);
        Assert.AreEqual(-1, model.Transform(rows).GetColumn<double>("Out").First(), 1e-6);
    }

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(-1e18)]
    [DataRow(1e-300)]
    public void Transform_OfAConstantColumn_GivesExactlyTheShift(double constant)
    {
        var rows = Numbers([.. Enumerable.Repeat(constant, 5001)]);

        var model = ml.Torch.BatchNormalize("Out", "Number", new() { Shift = 0.25 }).Fit(rows);

        Assert.AreEqual(0, model.Variances.Single());
        Assert.IsTrue(model.Transform(rows).GetColumn<double>("Out").All(y => y == 0.25));
    }

    [TestMethod]
    public void Fit_OfASourceThatCantBeRepeated_ReadsItOnce()
    {
        var enumerations = 0;
        IEnumerable<BlobRow> Once()
        {
            enumerations++;
            return BlobRow.Create(300);
        }

        ml.Torch.BatchNormalize("Features").Fit(ml.Data.LoadFromEnumerable(Deferred(Once)));

        Assert.AreEqual(1, enumerations);
    }

    [TestMethod]
    public void Fit_OfARowThatIsNotFinite_NamesRowAndValue()
    {
        var rows = BlobRow.Create(5000);
        rows[4500].Features[2] = float.NegativeInfinity;

        var e = Assert.ThrowsExactly<InvalidDataException>(() => ml.Torch.BatchNormalize("Features").Fit(ml.Data.LoadFromEnumerable(rows)));

        Assert.AreEqual("Row 4500, counted from 0, can't be learned from: the column 'Features' has -Infinity. Correct or filter such rows, or set InvalidRows = InvalidRows.Skip.", e.Message);
    }

    [TestMethod]
    public void Fit_WithRowsToSkip_LeavesThemOutAndWarns()
    {
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.RawMessage);
        var rows = Numbers(1, double.NaN, 3, double.PositiveInfinity);

        var model = ml.Torch.BatchNormalize("Out", "Number", new() { InvalidRows = InvalidRows.Skip, Epsilon = 1e-12 }).Fit(rows);

        Assert.AreEqual((2, 1, 2L), (model.Means.Single(), model.Variances.Single(), model.Rows));
        CollectionAssert.Contains(messages, "2 of 4 rows were left out: the column 'Number' isn't finite there.");
        var result = model.Transform(rows).GetColumn<double>("Out").ToList();
        Assert.AreEqual(-1, result[0], 1e-9);
        Assert.IsTrue(double.IsNaN(result[1]));
    }

    [TestMethod]
    public void Fit_OfNoRows_SaysSo()
    {
        var none = Assert.ThrowsExactly<InvalidDataException>(() => ml.Torch.BatchNormalize("Number").Fit(Numbers()));
        var invalid = Assert.ThrowsExactly<InvalidDataException>(() => ml.Torch.BatchNormalize("Number", options: new() { InvalidRows = InvalidRows.Skip }).Fit(Numbers(double.NaN)));

        Assert.AreEqual("There are no rows to learn the statistics of the column 'Number' from.", none.Message);
        Assert.AreEqual("There are no rows to learn the statistics of the column 'Number' from: all 1 were left out as invalid.", invalid.Message);
    }

    [TestMethod]
    public void Fit_OfNumbersWhoseVarianceOverflows_SaysSo()
    {
        var e = Assert.ThrowsExactly<InvalidDataException>(() => ml.Torch.BatchNormalize("Number").Fit(Numbers(1e200, -1e200)));

        StringAssert.Contains(e.Message, "The variance of number 0 of the column 'Number', counted from 0, is Infinity", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("Label")]
    [DataRow("IsRed")]
    public void Fit_OfAColumnThatIsNotNumbers_NamesColumnAndTypes(string column)
    {
        var rows = Blobs.Keyed(ml);

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Torch.BatchNormalize(column).Fit(rows));
        var shape = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Torch.BatchNormalize(column).GetOutputSchema(SchemaShapes.Of(rows.Schema)));

        StringAssert.StartsWith(e.Message, $"Schema mismatch for input column '{column}': expected {ColumnTypes.AllowedNumbers}, got {rows.Schema[column].Type}.", StringComparison.Ordinal);
        StringAssert.StartsWith(shape.Message, $"Schema mismatch for input column '{column}': expected {ColumnTypes.AllowedNumbers}, got ", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Transform_OfAnotherShape_SaysWhatWasLearnt()
    {
        var model = ml.Torch.BatchNormalize("Out", "Number").Fit(Numbers(1, 2));

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(ml.Data.LoadFromEnumerable(new[] { new WholeRow() })));

        StringAssert.StartsWith(e.Message, "Schema mismatch for input 'Number' (Int32): BatchNormalize learnt its statistics from rows of Float64 [], but these are Int32 [].", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Transform_OfWholeNumbers_GivesSingle()
    {
        var rows = ml.Data.LoadFromEnumerable(new[] { new WholeRow { Number = 1 }, new WholeRow { Number = 3 } });

        var result = ml.Torch.BatchNormalize("Number", options: new() { Epsilon = 1e-12 }).Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(new[] { -1f, 1f }, result.GetColumn<float>("Number").ToArray());
    }

    [TestMethod]
    public void BatchNormalize_WithOptionsOutOfRange_ListsThem()
    {
        var e = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => ml.Torch.BatchNormalize("X", options: new() { Epsilon = 2, Scale = double.NaN }));

        Assert.AreEqual("BatchNormalizeOptions.Epsilon is 2; allowed is above 0 and at most 1. BatchNormalizeOptions.Scale is NaN; allowed is any finite number.", e.Message);
    }

    [TestMethod]
    public void FitAndTransform_LeaveNoTensor_AndWorkAfterAUsersScope()
    {
        var before = TensorAssert.LiveCount();
        BatchNormalizeTransformer? model = null;

        TensorAssert.LeavesOnly(0, () => model = ml.Torch.BatchNormalize("Features").Fit(Blobs.View(ml)));

        var result = model!.Transform(Blobs.View(ml));
        var expected = ColumnText.Of(result, "Features");
        var all = new string[8][];
        Parallel.For(0, all.Length, i => all[i] = ColumnText.Of(result, "Features"));
        foreach (var actual in all)
            CollectionAssert.AreEqual(expected, actual);
        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    private static IEnumerable<BlobRow> Deferred(Func<IEnumerable<BlobRow>> rows)
    {
        foreach (var row in rows())
            yield return row;
    }

    private IDataView Numbers(params double[] numbers) => ml.Data.LoadFromEnumerable(numbers.Select(number => new NumberRow { Number = number }).ToList());

    private IDataView Images(Tensor images) => ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, (int)images.shape[0]).Select(i => new ImageRow { Image = images[i].contiguous().data<float>().ToArray() }).ToList());

    private sealed class NumberRow
    {
        public double Number { get; set; }
    }

    private sealed class WholeRow
    {
        public int Number { get; set; }
    }

    private sealed class ImageRow
    {
        [VectorType(2, 3, 2)]
        public float[] Image { get; set; } = [];
    }
}
