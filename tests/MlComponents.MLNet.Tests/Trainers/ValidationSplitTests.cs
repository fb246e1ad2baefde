using System.ComponentModel.DataAnnotations;

namespace MlComponents.MLNet.Tests.Trainers;

/// <summary>Which rows a validation fraction holds back.</summary>
[TestClass]
public sealed class ValidationSplitTests
{
    private const int Count = 100;

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Fit_WithoutMore_HoldsBackTheFirstOfARandomOrder()
    {
        var held = HeldBack(Options);

        CollectionAssert.AreEquivalent(new RandomSampler(Count, seed: 1).Indices(epoch: 0)[..20].Select(row => (int)row).ToArray(), held);
    }

    [TestMethod]
    public void Fit_WithStratifyValidation_HoldsBackEachClasssShare()
    {
        CollectionAssert.AreEqual(new[] { 15, 4, 1 }, Counts(HeldBack(Options with { StratifyValidation = true })));   // of 75, 20 and 5
        CollectionAssert.AreNotEqual(new[] { 15, 4, 1 }, Counts(HeldBack(Options)));

        static int[] Counts(int[] rows) => [.. new[] { "often", "seldom", "rarely" }.Select(label => rows.Count(row => Row.Create()[row].Class == label))];
    }

    [TestMethod]
    public void Fit_WithStratifyValidationOfYesAndNo_HoldsBackEachShare()
    {
        var held = HeldBack(Options with { StratifyValidation = true, LabelColumnName = "IsOften" }, isBinary: true);

        Assert.AreEqual(15, held.Count(row => Row.Create()[row].IsOften));
        Assert.HasCount(20, held);
    }

    [TestMethod]
    [DataRow("Person")]
    [DataRow("Key")]
    [DataRow("Number")]
    [DataRow("Whole")]
    public void Fit_WithAGroupColumn_HoldsBackWholeGroups(string column)
    {
        var held = HeldBack(Options with { ValidationGroupColumnName = column });

        foreach (var person in Enumerable.Range(0, Count).GroupBy(row => Row.Create()[row].Person))
            Assert.Contains(held.Intersect(person).Count(), new[] { 0, person.Count() }, person.Key);
        Assert.HasCount(20, held);   // of 25 groups of 4
        Assert.HasCount(5, held.Select(row => Row.Create()[row].Person).Distinct());
    }

    [TestMethod]
    public void Torch_WithOptionsThatDontFit_SaysWhy()
    {
        Refuses(Options with { ValidationFraction = null, StratifyValidation = true }, "StratifyValidation says how a ValidationFraction is held back, but there is none: give one, or leave it out.");
        Refuses(Options with { ValidationFraction = null, ValidationGroupColumnName = "Person" }, "ValidationGroupColumnName is 'Person', which says how a ValidationFraction is held back, but there is none");
        Refuses(Options with { StratifyValidation = true, ValidationGroupColumnName = "Person" }, "ValidationGroupColumnName is 'Person', but whole groups can't have every class's share");
        var error = Assert.ThrowsExactly<ArgumentException>(() => ml.Regression.Trainers.Torch(Blobs.Network, Options with { LabelColumnName = "Number", StratifyValidation = true }));
        StringAssert.StartsWith(error.Message, "StratifyValidation keeps the shares of classes, but the labels of a regression are numbers: leave it out, or use ValidationGroupColumnName.");

        void Refuses(TorchTrainerOptions options, string expected) =>
            StringAssert.Contains(Assert.ThrowsExactly<ValidationException>(() => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options)).Message, expected, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfOneGroup_SaysSo()
    {
        var rows = Row.Create().ConvertAll(row => row with { Person = "Ann" });

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Trainer(Options with { ValidationGroupColumnName = "Person" }).Fit(View(rows)));

        StringAssert.StartsWith(error.Message, "All 100 training rows are of one group in the column 'Person', so none can be held back: give rows of at least two groups, or leave ValidationGroupColumnName out.");
    }

    [TestMethod]
    public void Fit_OfRowsThatAreAllOfOtherClasses_CantStratify()
    {
        var rows = Row.Create().Index().Select(each => each.Item with { Class = $"{each.Index}" });

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Trainer(Options with { StratifyValidation = true }).Fit(View(rows)));

        StringAssert.StartsWith(error.Message, "Each of 100 training rows has a class of its own in the column 'Label', so StratifyValidation can hold none back");
    }

    [TestMethod]
    [DataRow("Person")]
    [DataRow("Key")]
    [DataRow("Number")]
    public void Fit_OfARowWithoutAGroup_NamesItOrLeavesItOut(string column)
    {
        var rows = Row.Create();
        rows[7] = rows[7] with { Person = "", Number = float.NaN };
        var trained = 0L;
        var options = Options with { ValidationGroupColumnName = column };
        var skipping = options with { InvalidRows = InvalidRows.Skip, Callbacks = [new LambdaCallback { OnTrainStart = e => trained = e.Run.TrainingRows + e.Run.ValidationRows }] };

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Trainer(options).Fit(View(rows)));
        Trainer(skipping).Fit(View(rows)).Dispose();

        StringAssert.StartsWith(error.Message, $"Row 7 of the training rows, counted from 0, can't be learned from: the validation group column '{column}' has no value.");
        Assert.AreEqual(99, trained);
    }

    [TestMethod]
    [DataRow("Nobody", "validation group column 'Nobody': expected String, Key or a number, got no column of that name")]
    [DataRow("Features", "validation group column 'Features': expected String, Key or a number, got Vector<Single")]
    public void FitAndGetOutputSchema_OfAMissingOrMistypedGroupColumn_NameIt(string column, string expected)
    {
        var trainer = Trainer(Options with { ValidationGroupColumnName = column });

        var fit = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(View(Row.Create())));
        var shape = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaShapes.Of(View(Row.Create()).Schema)));

        StringAssert.Contains(fit.Message, expected, StringComparison.Ordinal);
        StringAssert.Contains(shape.Message, expected, StringComparison.Ordinal);
    }

    [TestMethod]
    public void CrossValidate_ByGroups_HoldsBackGroupsWithinEachFoldToo()
    {
        var held = new List<string>();
        var watch = new LambdaCallback { OnValidationBatch = e => held.AddRange(Numbers(e.Batch).Select(row => $"{e.Run.TrainingRows} rows: {Row.Create()[row].Person}")) };

        var folds = ml.MulticlassClassification.CrossValidate(
            View(Row.Create()), Trainer(Options with { ValidationGroupColumnName = "Person", Callbacks = [watch] }), numberOfFolds: 3, samplingKeyColumnName: "Person");

        Assert.HasCount(3, folds);
        Assert.HasCount(25, folds.SelectMany(fold => fold.ScoredHoldOutSet.GetColumn<string>("Person").Distinct()));   // each person in one fold
        Assert.IsNotEmpty(held);
        foreach (var (person, rows) in held.CountBy(person => person))
            Assert.AreEqual(0, rows % 4, person);   // within a fold's training rows too, a person's 4 go together
    }

    private static TorchTrainerOptions Options => Blobs.Options with { Epochs = 1, ValidationFraction = 0.2, Seed = 1 };

    private TorchTrainer Trainer(TorchTrainerOptions options) => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options);

    private IDataView View(IEnumerable<Row> rows)
    {
        var view = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Label", "Class").Append(ml.Transforms.Conversion.MapValueToKey("Key", "Person")).Fit(view).Transform(view);
    }

    /// <summary>The numbers of the rows that a run validates on.</summary>
    private int[] HeldBack(TorchTrainerOptions options, bool isBinary = false)
    {
        var held = new List<int>();
        options = options with { Callbacks = [new LambdaCallback { OnValidationBatch = e => held.AddRange(Numbers(e.Batch)) }] };
        var trainer = isBinary ? ml.BinaryClassification.Trainers.Torch(Blobs.Network, options) : Trainer(options);
        trainer.Fit(View(Row.Create())).Dispose();
        return [.. held];
    }

    private static IEnumerable<int> Numbers(Batch batch) => batch.Features.select(1, 0).data<float>().ToArray().Select(number => (int)MathF.Round(number * Count));

    /// <summary>A row whose first feature tells its number: 75 often, 20 seldom, 5 rarely, of 25 persons with 4 each.</summary>
    private sealed record Row
    {
        [VectorType(2)]
        public float[] Features { get; init; } = [];

        public string Class { get; init; } = "";

        public bool IsOften { get; init; }

        public string Person { get; init; } = "";

        public float Number { get; init; }

        public int Whole { get; init; }

        public static List<Row> Create() => [.. Enumerable.Range(0, Count).Select(i => new Row
        {
            Features = [i / (float)Count, i % 4 == 3 ? 1 : -1], Class = i % 4 != 3 ? "often" : i % 20 == 3 ? "rarely" : "seldom", IsOften = i % 4 != 3,
            Person = $"person {i % 25}", Number = i % 25 / 2f, Whole = i % 25 - 3,
        })];
    }
}
