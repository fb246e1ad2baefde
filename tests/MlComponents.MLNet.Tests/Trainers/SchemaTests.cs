namespace MlComponents.MLNet.Tests.Trainers;

[TestClass]
public sealed class SchemaTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void GetOutputSchema_OfClasses_IsThatOfMLNetsOwnTrainers() => AssertSameShape(
        ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(), ml.MulticlassClassification.Trainers.Torch(Blobs.Network));

    [TestMethod]
    public void GetOutputSchema_OfYesAndNo_IsThatOfMLNetsOwnTrainers() => AssertSameShape(
        ml.BinaryClassification.Trainers.SdcaLogisticRegression("IsRed"), ml.BinaryClassification.Trainers.Torch(Blobs.Network, "IsRed"));

    [TestMethod]
    public void GetOutputSchema_OfANumber_IsThatOfMLNetsOwnTrainers() => AssertSameShape(
        ml.Regression.Trainers.Sdca("Sum"), ml.Regression.Trainers.Torch(Blobs.Network, "Sum"));

    [TestMethod]
    public void Transform_OfEveryTask_AnnotatesItsColumnsAsMLNetsOwnModels()
    {
        var rows = Blobs.Keyed(ml);
        (ITransformer Ours, ITransformer Stock)[] models =
        [
            (ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(rows), ml.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(rows)),
            (ml.BinaryClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "IsRed" }).Fit(rows), ml.BinaryClassification.Trainers.SdcaLogisticRegression("IsRed").Fit(rows)),
            (ml.Regression.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "Sum" }).Fit(rows), ml.Regression.Trainers.Sdca("Sum").Fit(rows)),
        ];

        foreach (var (ours, stock) in models)
            CollectionAssert.AreEquivalent(Described(stock.GetOutputSchema(rows.Schema)), Described(ours.GetOutputSchema(rows.Schema)));
    }

    [TestMethod]
    [DataRow("Nothing", "Label", null, "feature column 'Nothing': expected Vector<Single> of fixed size, got no column of that name; there are ")]
    [DataRow("Label", "Label", null, "feature column 'Label': expected Vector<Single> of fixed size, got ")]
    [DataRow("Features", "Nothing", null, "label column 'Nothing': expected Key, got no column")]
    [DataRow("Features", "Sum", null, "label column 'Sum': expected Key, got Single")]
    [DataRow("Features", "Label", "IsRed", "weight column 'IsRed': expected Single, got Boolean")]
    [DataRow("Features", "Label", "Nothing", "weight column 'Nothing': expected Single, got no column")]
    public void FitAndGetOutputSchema_OfAMissingOrMistypedColumn_NameItAndItsType(string features, string label, string? weight, string expected)
    {
        var trainer = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, label, features, weight);

        var fit = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Blobs.Keyed(ml)));
        var shape = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaShapes.Of(Blobs.Keyed(ml).Schema)));

        StringAssert.Contains(fit.Message, "Schema mismatch for " + expected, StringComparison.Ordinal);
        StringAssert.Contains(shape.Message, "Schema mismatch for " + expected, StringComparison.Ordinal);
    }

    [TestMethod]
    public void FitAndGetOutputSchema_OfAVectorOfVariableLength_SayWhatIsExpected()
    {
        var rows = ml.Data.LoadFromEnumerable(new[] { new Variable() });
        var trainer = ml.Regression.Trainers.Torch(Blobs.Network);

        var fit = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(rows));
        var shape = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaShapes.Of(rows.Schema)));

        StringAssert.Contains(fit.Message, "feature column 'Features': expected Vector<Single> of fixed size, got Vector<Single>", StringComparison.Ordinal);
        StringAssert.Contains(shape.Message, "feature column 'Features': expected Vector<Single> of fixed size, got VarVector<Single>", StringComparison.Ordinal);
    }

    private void AssertSameShape(IEstimator<ITransformer> stock, TorchTrainer ours)
    {
        var shape = SchemaShapes.Of(Blobs.Keyed(ml).Schema);

        CollectionAssert.AreEquivalent(SchemaShapes.Described(stock.GetOutputSchema(shape)), SchemaShapes.Described(ours.GetOutputSchema(shape)));
    }

    private static List<string> Described(DataViewSchema schema) => [.. schema.Where(column => !column.IsHidden).Select(column =>
        $"{column.Name} {column.Type} [{string.Join(", ", column.Annotations.Schema.Select(annotation => $"{annotation.Name} {annotation.Type}").Order())}]")];

    private sealed class Variable
    {
        public float[] Features { get; set; } = [1];

        public float Label { get; set; }
    }
}
