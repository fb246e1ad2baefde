namespace MlComponents.MLNet.Tests.Transforms;

/// <summary>Which columns are which tensors, and back.</summary>
[TestClass]
public sealed class ColumnTypeTests
{
    private static readonly string[] Kept = ["Single", "Double", "SByte", "Byte", "Int16", "Int32", "Int64", "Boolean"];

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Tensors_OfColumnsThatKeepTheirType_ComeBackAsTheyWere()
    {
        var rows = View();

        foreach (var name in Kept.SelectMany(name => new[] { name, name + "s" }))
        {
            var result = ml.Torch.Apply("Out", TestOperation.Identity, name).Fit(rows).Transform(rows);

            Assert.AreEqual(rows.Schema[name].Type.ToString(), result.Schema["Out"].Type.ToString());
            CollectionAssert.AreEqual(ColumnText.Of(rows, name), ColumnText.Of(result, "Out"), name);
        }
    }

    [TestMethod]
    [DataRow("UInt16", "0 65535")]
    [DataRow("UInt16s", "0,1 7,65535")]
    [DataRow("UInt32", "1 4294967295")]
    [DataRow("Key", "-1 2")]
    [DataRow("Keys", "0,-1 1,2")]
    public void Tensors_OfKeysAndUnsignedNumbers_AreInt64(string column, string expected)
    {
        var rows = View();

        var result = ml.Torch.Apply("Out", TestOperation.Identity, column).Fit(rows).Transform(rows);

        Assert.AreEqual(NumberDataViewType.Int64, result.Schema["Out"].Type.ItemType());
        Assert.AreEqual(expected, string.Join(" ", ColumnText.Of(result, "Out")));
    }

    [TestMethod]
    public void Tensors_OfVectorsWithDimensions_HaveThemAsShape()
    {
        var transposed = new TestOperation(inputs => inputs[0] with { Shape = [.. inputs[0].Shape.Reverse()] }, inputs => inputs[0].transpose(1, 2));
        var rows = View();

        var result = ml.Torch.Apply("Out", transposed, "Matrix").Fit(rows).Transform(rows);

        Assert.AreEqual("Vector<Single, 3, 2>", result.Schema["Out"].Type.ToString());
        CollectionAssert.AreEqual(new[] { "1,4,2,5,3,6", "7,10,8,11,9,12" }, ColumnText.Of(result, "Out"));
    }

    [TestMethod]
    public void Tensors_OfSparseVectors_AreDense()
    {
        var rows = ml.Data.LoadFromEnumerable(new[]
        {
            new SparseRow { Values = new VBuffer<float>(4, 1, [5], [2]), Keys = new VBuffer<uint>(3, 1, [2], [1]) },
            new SparseRow { Values = new VBuffer<float>(4, 0, [], []), Keys = new VBuffer<uint>(3, [1, 2, 3]) },
        });

        CollectionAssert.AreEqual(new[] { "0,0,5,0", "0,0,0,0" }, ColumnText.Of(ml.Torch.Apply("Values", TestOperation.Identity).Fit(rows).Transform(rows), "Values"));
        CollectionAssert.AreEqual(new[] { "-1,1,-1", "0,1,2" }, ColumnText.Of(ml.Torch.Apply("Keys", TestOperation.Identity).Fit(rows).Transform(rows), "Keys"));
    }

    [TestMethod]
    public void Tensors_OfSeveralColumns_ComeInOrder()
    {
        var weighted = new TestOperation(_ => new(ScalarType.Float64, []), inputs => inputs[0].to(ScalarType.Float64) + 10 * inputs[1].to(ScalarType.Float64));
        var rows = View();

        var result = ml.Torch.Apply("Out", weighted, "Int32", "Byte").Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(new[] { "2048", "2150" }, ColumnText.Of(result, "Out"));
    }

    [TestMethod]
    [DataRow("Text", "String")]
    [DataRow("UInt64", "UInt64")]
    [DataRow("Ragged", "Vector<Single>")]
    [DataRow("Texts", "Vector<String, 2>")]
    public void Fit_OfAColumnThatIsNoTensor_NamesColumnAndTypes(string column, string type)
    {
        var estimator = ml.Torch.Apply("Out", TestOperation.Identity, column);

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(View()));

        StringAssert.Contains(e.Message, $"Schema mismatch for input column '{column}': expected {ColumnTypes.Allowed}, got {type}", StringComparison.Ordinal);
        var shape = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShapes.Of(View().Schema)));
        StringAssert.Contains(shape.Message, $"Schema mismatch for input column '{column}': expected {ColumnTypes.Allowed}, got", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(ScalarType.Float16, "TestOperation gives Float16 [], but ML.NET has no column of Float16.")]
    [DataRow(ScalarType.ComplexFloat32, "TestOperation gives ComplexFloat32 [], but ML.NET has no column of ComplexFloat32.")]
    public void Fit_OfAResultThatIsNoColumn_SaysSo(ScalarType type, string message)
    {
        var operation = TestOperation.Identity with { Inference = _ => new(type, []) };

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Torch.Apply("Out", operation, "Single").Fit(View()));

        StringAssert.StartsWith(e.Message, message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfAResultThatIsTooLargeForAColumn_SaysSo()
    {
        var operation = TestOperation.Identity with { Inference = _ => new(ScalarType.Bool, [1L << 20, 1L << 20, 1L << 40]) };

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Torch.Apply("Out", operation, "Single").Fit(View()));

        StringAssert.Contains(e.Message, "but a column has sizes of at least 1 and at most 2147483647 numbers in all", StringComparison.Ordinal);
    }

    private IDataView View() => ml.Data.LoadFromEnumerable(new[]
    {
        new TypedRow(),
        new TypedRow
        {
            Single = float.NaN, Singles = [-1.5f, float.NegativeInfinity], Double = 1e300, Doubles = [0, -1e-300], SByte = -128, SBytes = [127, -1], Byte = 255, Bytes = [0, 200],
            Int16 = short.MinValue, Int16s = [1, -2], Int32 = -400, Int32s = [int.MaxValue, 3], Int64 = long.MinValue, Int64s = [5, long.MaxValue], Boolean = true, Booleans = [false, true],
            UInt16 = 65535, UInt16s = [7, 65535], UInt32 = uint.MaxValue, Key = 2, Keys = [2, 3], Matrix = [7, 8, 9, 10, 11, 12],
        },
    });

    private sealed class TypedRow
    {
        public float Single { get; set; } = 0.25f;

        [VectorType(2)] public float[] Singles { get; set; } = [1, 2];

        public double Double { get; set; } = 0.1;

        [VectorType(2)] public double[] Doubles { get; set; } = [1, 2];

        public sbyte SByte { get; set; } = 3;

        [VectorType(2)] public sbyte[] SBytes { get; set; } = [1, 2];

        public byte Byte { get; set; } = 200;

        [VectorType(2)] public byte[] Bytes { get; set; } = [1, 2];

        public short Int16 { get; set; } = 5;

        [VectorType(2)] public short[] Int16s { get; set; } = [1, 2];

        public int Int32 { get; set; } = 48;

        [VectorType(2)] public int[] Int32s { get; set; } = [1, 2];

        public long Int64 { get; set; } = 7;

        [VectorType(2)] public long[] Int64s { get; set; } = [1, 2];

        public bool Boolean { get; set; }

        [VectorType(2)] public bool[] Booleans { get; set; } = [true, true];

        public ushort UInt16 { get; set; }

        [VectorType(2)] public ushort[] UInt16s { get; set; } = [0, 1];

        public uint UInt32 { get; set; } = 1;

        public ulong UInt64 { get; set; } = 1;

        [KeyType(3)] public uint Key { get; set; } = 9;   // ML.NET reads scalar keys of objects from 0, and makes others missing

        [KeyType(3), VectorType(2)] public uint[] Keys { get; set; } = [1, 0];

        [VectorType(2, 3)] public float[] Matrix { get; set; } = [1, 2, 3, 4, 5, 6];

        public string Text { get; set; } = "";

        [VectorType(2)] public string[] Texts { get; set; } = ["", ""];

        public float[] Ragged { get; set; } = [1];
    }

    private sealed class SparseRow
    {
        [VectorType(4)] public VBuffer<float> Values { get; set; }

        [KeyType(3), VectorType(3)] public VBuffer<uint> Keys { get; set; }
    }
}
