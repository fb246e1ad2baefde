namespace MlComponents.MLNet.Tests.Transforms;

/// <summary>Every method of <c>ml.Torch</c> on numbers that a hand can check.</summary>
[TestClass]
public sealed class TorchOperationsCatalogTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void ArgMax_IsTheIndexOfTheLargest()
    {
        AreEqual(ml.Torch.ArgMax("Out", "Three"), "Int64", "1", "2");
        AreEqual(ml.Torch.ArgMax("Out", "Matrix", dimension: 0), "Vector<Int64, 3>", "1,1,1", "0,0,0");
        AreEqual(ml.Torch.ArgMax("Out", "Matrix", dimension: null), "Int64", "5", "0");
        AreEqual(ml.Torch.ArgMax("Out", "Matrix", keepDimension: true), "Vector<Int64, 2, 1>", "2,2", "0,0");
    }

    [TestMethod]
    public void TopK_IsTheLargestOrTheirIndices()
    {
        AreEqual(ml.Torch.TopK("Out", 2, "Three"), "Vector<Single, 2>", "5,3", "9,0.5");
        AreEqual(ml.Torch.TopK("Out", 2, "Three", TopKOutput.Indices), "Vector<Int64, 2>", "1,2", "2,1");
        AreEqual(ml.Torch.TopK("Out", 1, "Matrix", dimension: 0, largest: false), "Vector<Single, 1, 3>", "1,2,3", "3,2,1");
    }

    [TestMethod]
    public void Einsum_SumsProducts()
    {
        AreEqual(ml.Torch.Einsum("Out", "ij,j->i", "Matrix", "Three"), "Vector<Single, 2>", "20,47", "38.5,10");   // 1·1 + 2·5 + 3·3, 4·1 + 5·5 + 6·3
        AreEqual(ml.Torch.Einsum("Out", "ij->ji", "Matrix"), "Vector<Single, 3, 2>", "1,4,2,5,3,6", "6,3,5,2,4,1");
        AreEqual(ml.Torch.Einsum("Three", "i,i->", "Three", "Three"), "Single", "35", "81.25");
    }

    [TestMethod]
    public void Index_TakesAndReorders()
    {
        AreEqual(ml.Torch.Index("Out", "..., 0:2", "Matrix"), "Vector<Single, 2, 2>", "1,2,4,5", "6,5,3,2");
        AreEqual(ml.Torch.Index("Out", ":, [2, 0, 1]", "Matrix"), "Vector<Single, 2, 3>", "3,1,2,6,4,5", "4,6,5,1,3,2");
        AreEqual(ml.Torch.Index("Out", "[true, false, true]", "Three"), "Vector<Single, 2>", "1,3", "0,9");
        AreEqual(ml.Torch.Index("Out", "{1}", "Three", "Places"), "Vector<Single, 2>", "5,1", "9,9");
        AreEqual(ml.Torch.Index("Three", "-1"), "Single", "3", "9");
    }

    [TestMethod]
    public void ConcatenateAndStack_JoinColumns()
    {
        AreEqual(ml.Torch.Concatenate("Out", ["Three", "Three"]), "Vector<Single, 6>", "1,5,3,1,5,3", "0,0.5,9,0,0.5,9");
        AreEqual(ml.Torch.Concatenate("Out", ["Matrix", "Matrix"], dimension: -1), "Vector<Single, 2, 6>", "1,2,3,1,2,3,4,5,6,4,5,6", "6,5,4,6,5,4,3,2,1,3,2,1");
        AreEqual(ml.Torch.Stack("Out", ["Number", "Number"]), "Vector<Single, 2>", "7,7", "8,8");
        AreEqual(ml.Torch.Stack("Out", ["Three", "Three"], dimension: 1), "Vector<Single, 3, 2>", "1,1,5,5,3,3", "0,0,0.5,0.5,9,9");
    }

    [TestMethod]
    public void PermuteAndReshape_MoveNumbers()
    {
        AreEqual(ml.Torch.Permute("Out", [1, 0], "Matrix"), "Vector<Single, 3, 2>", "1,4,2,5,3,6", "6,3,5,2,4,1");
        AreEqual(ml.Torch.Reshape("Out", [3, -1], "Matrix"), "Vector<Single, 3, 2>", "1,2,3,4,5,6", "6,5,4,3,2,1");
        AreEqual(ml.Torch.Reshape("Matrix", [-1]), "Vector<Single, 6>", "1,2,3,4,5,6", "6,5,4,3,2,1");
    }

    [TestMethod]
    public void Index_ByAMissingKey_IsAnErrorThatNamesTheRow()
    {
        var rows = Rows();
        var taken = ml.Torch.Index("Out", "{1}", "Three", "Key").Fit(rows).Transform(rows);

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => ColumnText.Of(taken, "Out"));

        Assert.AreEqual("The operation Indexing failed on row 1, counted from 0: its key in the column 'Key' is missing, so there is no place to take from: "
            + "correct or filter such rows.", e.Message);
    }

    [TestMethod]
    public void Index_ByKeysThatAreThere_TakesTheirPlaces()
    {
        var rows = ml.Data.TakeRows(Rows(), 1);

        var taken = ml.Torch.Index("Out", "{1}", "Three", "Key").Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(new[] { 3f }, taken.GetColumn<float>("Out").ToArray());   // the key 2, from 0, of 1, 5, 3
    }

    [TestMethod]
    public void OneHot_OfKeys_LeavesMissingOnesOut()
    {
        AreEqual(ml.Torch.OneHot("Out", 3, "Places"), "Vector<Single, 2, 3>", "0,1,0,1,0,0", "0,0,1,0,0,1");
        AreEqual(ml.Torch.OneHot("Out", 3, "Key", OutOfRange.Skip, ScalarType.Byte), "Vector<Byte, 3>", "0,0,1", "0,0,0");
    }

    [TestMethod]
    public void OneHot_OfAMissingKey_IsAnErrorThatNamesTheRow()
    {
        var rows = Rows();

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => ColumnText.Of(ml.Torch.OneHot("Out", 3, "Key").Fit(rows).Transform(rows), "Out"));

        Assert.AreEqual("The operation OneHot failed on row 1, counted from 0: its class is -1, but OneHot allows 0 to 2. "
            + "Correct or filter such rows (a missing key is -1), or leave such values out with OutOfRange.Skip.", e.Message);
    }

    [TestMethod]
    public void OneHot_OfAMissingKeyInALaterBatch_NamesTheDataSetsRow()
    {
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Row { Key = i == 41 ? 9u : 1 }).ToList());
        var hot = ml.Torch.OneHot("Out", 3, "Key").Fit(rows).Transform(rows);

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => ColumnText.Of(hot, "Out"));

        Assert.AreEqual("The operation OneHot failed on row 41, counted from 0: its class is -1, but OneHot allows 0 to 2. "
            + "Correct or filter such rows (a missing key is -1), or leave such values out with OutOfRange.Skip.", e.Message);
        Assert.IsInstanceOfType<InvalidRowException>(e.InnerException);
    }

    [TestMethod]
    public void GetOutputSchema_OfLargeCountsAndGroups_KnowsTheResultsType()
    {
        var schema = SchemaShapes.Of(Rows().Schema);

        var places = ml.Torch.TopK("Out", 1000, "Three", TopKOutput.Indices).GetOutputSchema(schema).Single(column => column.Name == "Out");
        var groups = ml.Torch.GroupNormalize("Out", 64, "Places").GetOutputSchema(schema).Single(column => column.Name == "Out");

        Assert.AreEqual((NumberDataViewType.Int64, SchemaShape.Column.VectorKind.Vector), (places.ItemType, places.Kind));
        Assert.AreEqual((NumberDataViewType.Single, SchemaShape.Column.VectorKind.Vector), (groups.ItemType, groups.Kind));
    }

    [TestMethod]
    public void BinCount_CountsOrWeighs()
    {
        AreEqual(ml.Torch.BinCount("Out", 3, "Places"), "Vector<Int64, 3>", "1,1,0", "0,0,2");
        AreEqual(ml.Torch.BinCount("Out", 3, "Places", "Weights"), "Vector<Single, 3>", "2,0.5,0", "0,0,4");
        AreEqual(ml.Torch.BinCount("Out", 3, "Key", outOfRange: OutOfRange.Skip), "Vector<Int64, 3>", "0,0,1", "0,0,0");
    }

    [TestMethod]
    public void Equal_ComparesColumnsAndNumbers()
    {
        AreEqual(ml.Torch.Equal("Out", "Three", "Three"), "Vector<Boolean, 3>", "True,True,True", "True,True,True");
        AreEqual(ml.Torch.Equal("Out", "Number", "Three"), "Vector<Boolean, 3>", "False,False,False", "False,False,False");
        AreEqual(ml.Torch.Equal("Out", 3, "Three"), "Vector<Boolean, 3>", "False,False,True", "False,False,False");
        AreEqual(ml.Torch.Equal("Number", 8), "Boolean", "False", "True");
    }

    [TestMethod]
    public void Reductions_GatherByIndexAndOffsets()
    {
        AreEqual(ml.Torch.ScatterReduce("Out", 3, "Weights", "Places"), "Vector<Single, 3>", "2,0.5,0", "0,0,4");
        AreEqual(ml.Torch.SegmentReduce("Out", 3, "Matrix", "Places", SegmentReduction.Maximum), "Vector<Single, 3, 3>", "4,5,6,1,2,3,0,0,0", "0,0,0,0,0,0,6,5,4");
        AreEqual(ml.Torch.SegmentReduce("Out", 4, "Three", "Keys", SegmentReduction.Mean, outOfRange: OutOfRange.Skip), "Vector<Single, 4>", "3,3,0,0", "0,0,0,0.5");
        AreEqual(ml.Torch.SegmentReduceByOffsets("Out", "Three", "Offsets", SegmentReduction.Product), "Vector<Single, 2>", "5,3", "0,0.5");
    }

    [TestMethod]
    public void Fit_WhereShapesDontFit_SaysSoBeforeAnyRowIsRead()
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Torch.Einsum("Out", "ij,j->i", "Matrix", "Places").Fit(Rows()));
        var sizes = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Torch.Einsum("Out", "ij,j->i", "Matrix", "Weights").Fit(Rows()));

        StringAssert.StartsWith(e.Message, "Schema mismatch for input 'Matrix' (Vector<Single, 2, 3>), 'Places' (Vector<Byte, 2>): Einsum takes inputs of one type", StringComparison.Ordinal);
        StringAssert.StartsWith(sizes.Message, "Schema mismatch for input 'Matrix' (Vector<Single, 2, 3>), 'Weights' (Vector<Single, 2>): ", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Einsum_OfABadEquation_SaysSoAtOnce() =>
        Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => ml.Torch.Einsum("Out", "ij,->k", "Matrix"));

    [TestMethod]
    public void EveryOperation_ThroughAFile_GivesTheSame()
    {
        IEstimator<ITransformer>[] estimators =
        [
            ml.Torch.ArgMax("C0", "Three"), ml.Torch.TopK("C1", 2, "Three"), ml.Torch.Einsum("C2", "ij,j->i", "Matrix", "Three"), ml.Torch.Index("C3", "{1}, None", "Three", "Places"),
            ml.Torch.Concatenate("C4", ["Three", "Three"]), ml.Torch.Stack("C5", ["Three", "Three"], -1), ml.Torch.Permute("C6", [1, 0], "Matrix"), ml.Torch.Reshape("C7", [6], "Matrix"),
            ml.Torch.OneHot("C8", 3, "Places", type: ScalarType.Int16), ml.Torch.BinCount("C9", 3, "Places", "Weights"), ml.Torch.Equal("C10", 3, "Three"),
            ml.Torch.ScatterReduce("C11", 3, "Weights", "Places"), ml.Torch.SegmentReduce("C12", 3, "Matrix", "Places"), ml.Torch.LayerNormalize("C13", "Matrix", dimensions: 1),
            ml.Torch.InstanceNormalize("C14", "Matrix"), ml.Torch.GroupNormalize("C15", 2, "Matrix", epsilon: 0.1), ml.Torch.BatchNormalize("C16", "Matrix"),
        ];
        var pipeline = estimators.Aggregate((IEstimator<ITransformer>)new EstimatorChain<ITransformer>(), (chain, estimator) => chain.Append(estimator));
        var names = ComponentRegistry.Default.Names<OperationDefinition>();
        var rows = Rows();
        var model = pipeline.Fit(rows);
        using var stream = new MemoryStream();

        ml.Model.Save(model, rows.Schema, stream);
        var (expected, actual) = (model.Transform(rows), new MLContext().Model.Load(stream, out _).Transform(rows));

        Assert.IsGreaterThanOrEqualTo(names.Count(name => name != "pair-differences"), estimators.Length - 1);   // a new operation has a method, and stands here
        for (var i = 0; i < estimators.Length; i++)
        {
            Assert.AreEqual(expected.Schema[$"C{i}"].Type.ToString(), actual.Schema[$"C{i}"].Type.ToString());
            CollectionAssert.AreEqual(ColumnText.Of(expected, $"C{i}"), ColumnText.Of(actual, $"C{i}"), $"C{i}");
        }
    }

    private void AreEqual(TensorEstimator estimator, string type, params string[] values)
    {
        var rows = Rows();
        var name = estimator.Fit(rows).OutputColumnName;

        var result = estimator.Fit(rows).Transform(rows);

        Assert.AreEqual(type, result.Schema[name].Type.ToString());
        CollectionAssert.AreEqual(values, ColumnText.Of(result, name));
    }

    private IDataView Rows() => ml.Data.LoadFromEnumerable(new[]
    {
        new Row(),
        new Row { Number = 8, Three = [0, 0.5f, 9], Matrix = [6, 5, 4, 3, 2, 1], Places = [2, 2], Weights = [1, 3], Key = 9, Keys = [0, 4, 0], Offsets = [0, 1, 2] },
    });

    private sealed class Row
    {
        public float Number { get; set; } = 7;

        [VectorType(3)] public float[] Three { get; set; } = [1, 5, 3];

        [VectorType(2, 3)] public float[] Matrix { get; set; } = [1, 2, 3, 4, 5, 6];

        [VectorType(2)] public byte[] Places { get; set; } = [1, 0];

        [VectorType(2)] public float[] Weights { get; set; } = [0.5f, 2];

        [KeyType(3)] public uint Key { get; set; } = 2;   // ML.NET reads scalar keys of objects from 0, and makes others missing

        [KeyType(4), VectorType(3)] public uint[] Keys { get; set; } = [1, 1, 2];

        [VectorType(3)] public long[] Offsets { get; set; } = [1, 2, 3];
    }
}
