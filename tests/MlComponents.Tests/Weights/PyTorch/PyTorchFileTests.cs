using System.Text.Json;

namespace MlComponents.Tests.Weights.PyTorch;

[TestClass]
public sealed class PyTorchFileTests
{
    [TestMethod]
    public void Read_OfWhatPyTorchWrote_GivesEveryBitBack()
    {
        using var scope = NewDisposeScope();
        var cases = Fixture.Cases("weights", "files");

        foreach (var item in cases)
        {
            var (file, key) = (item.GetProperty("file").GetString()!, item.GetProperty("key").GetString());
            WeightFixtures.AssertEqual(item.GetProperty("tensors"), PyTorchFile.Read(WeightFixtures.Path(file), key), file);
        }

        Assert.IsGreaterThan(20, cases.Count);
    }

    [TestMethod]
    public void Read_OfWhatCantBeRead_SaysWhatItIs()
    {
        foreach (var item in Fixture.Cases("weights", "refused"))
        {
            var file = item.GetProperty("file").GetString()!;

            var message = Pickles.Refusal(File.ReadAllBytes(WeightFixtures.Path(file)));

            StringAssert.Contains(message, item.GetProperty("message").GetString(), StringComparison.Ordinal, file);
        }
    }

    [TestMethod]
    [DataRow("views.pth")]
    [DataRow("views-legacy.pth")]
    public void Read_OfTensorsOfOneStorage_LetsThemShareMemory(string file)
    {
        using var scope = NewDisposeScope();
        var read = PyTorchFile.Read(WeightFixtures.Path(file));

        read["whole"].fill_(9);
        read["tied_a"][0] = tensor(50.0);

        Assert.AreEqual(9f, read["part"].max().item<float>());
        Assert.AreEqual(9f, read["scalar_view"].item<float>());
        Assert.AreEqual(50.0, read["tied_as_matrix"][0, 0].item<double>());
        Assert.AreEqual(7f, read["expanded"][0, 4].item<float>());
        CollectionAssert.AreEqual(new long[] { 1, 4, 12 }, read["transposed"].stride());
        CollectionAssert.AreEqual(new long[] { 1, 0 }, read["expanded"].stride());
    }

    [TestMethod]
    public void Read_FromTheMiddleOfAStream_ReadsToItsEnd()
    {
        using var scope = NewDisposeScope();
        foreach (var file in new[] { "module.pth", "module-legacy.pth" })
        {
            var bytes = File.ReadAllBytes(WeightFixtures.Path(file));
            using var stream = new MemoryStream([.. new byte[37], .. bytes]) { Position = 37 };

            var read = PyTorchFile.Read(stream);

            Assert.HasCount(9, read);
        }
    }

    [TestMethod]
    public void Read_OntoADevice_PutsThemThere()
    {
        using var scope = NewDisposeScope();

        var read = PyTorchFile.Read(WeightFixtures.Path("views.pth"), device: META);

        Assert.IsTrue(read.Values.All(tensor => tensor.device_type == DeviceType.META));
        CollectionAssert.AreEqual(new long[] { 4, 3, 2 }, read["transposed"].shape);
    }

    [TestMethod]
    [DataRow(null, "The file holds a dictionary with tensors further inside; keys that hold tensors are 'state_dict', 'ema', 'optimizer/state/0'")]
    [DataRow("optimizer", "At the key 'optimizer' is a dictionary with tensors further inside")]
    [DataRow("options", "At the key 'options' is a dictionary without tensors; keys that hold tensors are")]
    [DataRow("epoch", "At the key 'epoch' is a whole number without tensors")]
    [DataRow("model", "The file has nothing at the key 'model'; keys that hold tensors are 'state_dict'")]
    public void Read_OfANestedCheckpoint_ListsTheKeysThatHoldTensors(string? key, string expected)
    {
        var e = Assert.ThrowsExactly<InvalidDataException>(() => PyTorchFile.Read(WeightFixtures.Path("checkpoint.pth"), key));

        StringAssert.Contains(e.Message, expected, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfOneTensorByItsKey_CallsItByTheLastKey()
    {
        using var scope = NewDisposeScope();

        var read = PyTorchFile.Read(WeightFixtures.Path("checkpoint.pth"), "state_dict/linear.bias");

        Assert.AreEqual("linear.bias", read.Keys.Single());
    }

    [TestMethod]
    public void Read_OfTensorsBesidePlainValues_LeavesThoseOut()
    {
        using var scope = NewDisposeScope();
        var tensor = Pickles.Tensor(Pickles.Storage("FloatStorage", "0", 1), 0, [1], [1]);
        var pickle = $"{Pickles.Begin}}}({Pickles.Text("x")}{tensor}{Pickles.Text("epoch")}K\u0003{Pickles.Text("empty")}]u.";

        var read = PyTorchFile.Read(new MemoryStream(Pickles.Archive(pickle, ("0", Pickles.Raw(4)))));

        Assert.AreEqual(4f, read["x"].item<float>());
        Assert.HasCount(1, read);
    }

    [TestMethod]
    public void Read_OfKeysThatAreNoTexts_CallsThemAsPythonShowsThem()
    {
        using var scope = NewDisposeScope();
        string[] keys = ["K\u0003", "\u0088", $"K\u0001{Pickles.Text("a")}K\u0002\u0085\u0087", "G?\u00e0\0\0\0\0\0\0"];
        var tensor = Pickles.Tensor(Pickles.Storage("FloatStorage", "0", 1), 0, [1], [1]);
        var pickle = $"{Pickles.Begin}}}({string.Concat(keys.Select(key => key + tensor))}u.";

        var read = PyTorchFile.Read(new MemoryStream(Pickles.Archive(pickle, ("0", Pickles.Raw(4)))));

        CollectionAssert.AreEqual(new[] { "3", "True", "(1, a, (…))", "0.5" }, read.Keys.ToArray());
    }

    [TestMethod]
    [DataRow("conj", 1.0, -2.0)]
    [DataRow("neg", -1.0, -2.0)]
    public void Read_OfALazilyChangedTensor_AppliesTheChange(string change, double real, double imaginary)
    {
        using var scope = NewDisposeScope();
        var tensor = Pickles.Tensor(Pickles.Storage("ComplexFloatStorage", "0", 1), 0, [1], [1], $"}}{Pickles.Text(change)}\u0088s");

        var read = PyTorchFile.Read(new MemoryStream(Pickles.Archive(Pickles.OneTensor(tensor), ("0", Pickles.Raw(1, 2)))))["x"];

        CollectionAssert.AreEqual(Pickles.Raw((float)real, (float)imaginary), read.bytes.ToArray());
    }

    [TestMethod]
    [DataRow("conj", -2.0)]
    [DataRow("neg", -2.0)]
    public void Read_OfALazilyChangedTensorThatRepeatsAnElement_TakesNoMemoryForTheRepetitions(string change, double imaginary)
    {
        using var scope = NewDisposeScope();
        var tensor = Pickles.Tensor(Pickles.Storage("ComplexFloatStorage", "0", 1), 0, [1L << 44], [0], $"}}{Pickles.Text(change)}\u0088s");

        var read = PyTorchFile.Read(new MemoryStream(Pickles.Archive(Pickles.OneTensor(tensor), ("0", Pickles.Raw(1, 2)))))["x"];

        Assert.AreEqual(1L << 44, read.numel());
        Assert.AreEqual((float)imaginary, read[(1L << 44) - 1].imag.item<float>());
    }

    [TestMethod]
    public void Read_OfBytesAsAnotherType_SeesThemSo()
    {
        using var scope = NewDisposeScope();
        var storage = $"({Pickles.Text("storage")}ctorch.storage\nUntypedStorage\n{Pickles.Text("0")}{Pickles.Text("cpu")}{Pickles.Integer(8)}tQ";
        var tensor = $"ctorch._utils\n_rebuild_tensor_v3\n({storage}{Pickles.Integer(1)}{Pickles.Sizes(1)}{Pickles.Sizes(1)}{Pickles.Hooks}ctorch\nfloat32\ntR";

        var read = PyTorchFile.Read(new MemoryStream(Pickles.Archive(Pickles.OneTensor(tensor), ("0", Pickles.Raw(1, 2)))))["x"];

        Assert.AreEqual(2f, read.item<float>());
    }

    [TestMethod]
    public void Read_OfATensorWithAttributes_LeavesThoseOut()
    {
        using var scope = NewDisposeScope();
        var inner = Pickles.Tensor(Pickles.Storage("FloatStorage", "0", 1), 0, [1], [1])[Pickles.RebuildTensor.Length..^1];   // its arguments alone
        var tensor = $"ctorch._tensor\n_rebuild_from_type_v2\n({Pickles.RebuildTensor}ctorch\nTensor\n{inner}}}{Pickles.Text("note")}K\u0001stR";

        var read = PyTorchFile.Read(new MemoryStream(Pickles.Archive(Pickles.OneTensor(tensor), ("0", Pickles.Raw(4)))));

        Assert.AreEqual(4f, read["x"].item<float>());
    }

    [TestMethod]
    public void Read_OfAFile_NamesItInErrors()
    {
        var path = WeightFixtures.Path("sparse.pth");

        var e = Assert.ThrowsExactly<InvalidDataException>(() => PyTorchFile.Read(path));

        StringAssert.StartsWith(e.Message, $"{path}: The file holds a sparse tensor", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAViewOfAnOldFile_BeginsThere()
    {
        using var scope = NewDisposeScope();
        var view = $"({Pickles.Text("v")}{Pickles.Integer(2)}{Pickles.Integer(3)}t";
        var tensor = Pickles.Tensor(Pickles.Storage("FloatStorage", "7", 6, view), 1, [2], [1]);

        var read = PyTorchFile.Read(new MemoryStream(Pickles.Legacy(Pickles.OneTensor(tensor), Pickles.Keys("7"), Pickles.Counted(0, 1, 2, 3, 4, 5))))["x"];

        CollectionAssert.AreEqual(Pickles.Raw(3, 4), read.bytes.ToArray());
    }

    [TestMethod]
    public void Read_OfWhatPython2Wrote_TakesItsTextsAndPairs()
    {
        using var scope = NewDisposeScope();
        var tensor = $"ctorch._utils\n_rebuild_tensor\n({Pickles.Storage("FloatStorage", "0", 1).Replace("X\u0007\0\0\0storage", "U\u0007storage", StringComparison.Ordinal)}K\0K\u0001\u0085K\u0001\u0085tR";
        var pickle = $"{Pickles.Begin}ccollections\nOrderedDict\n](](U\u0001x{tensor}ee\u0085R.";

        var read = PyTorchFile.Read(new MemoryStream(Pickles.Archive(pickle, ("0", Pickles.Raw(4)))));

        Assert.AreEqual(4f, read["x"].item<float>());
    }

    [TestMethod]
    public void Read_OfAStreamThatCantSeek_SaysSo()
    {
        using var stream = new System.IO.Compression.DeflateStream(Stream.Null, System.IO.Compression.CompressionMode.Decompress);

        var e = Assert.ThrowsExactly<ArgumentException>(() => PyTorchFile.Read(stream));

        StringAssert.Contains(e.Message, "the stream can't seek", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("views.pth", 15)]
    [DataRow("views-legacy.pth", 15)]
    [DataRow("deflated.pth", 13)]
    public void Read_LeavesOnlyItsTensors(string file, int count) => TensorAssert.LeavesOnly(count, () => PyTorchFile.Read(WeightFixtures.Path(file)));

    [TestMethod]
    public void Read_OfADamagedFile_LeavesNoTensors() => TensorAssert.LeavesOnly(0, () =>
    {
        var bytes = File.ReadAllBytes(WeightFixtures.Path("views.pth"));
        bytes[new ZipDirectory(new MemoryStream(bytes)).Entries["views/data/6"].DataOffset] ^= 1;
        Assert.ThrowsExactly<InvalidDataException>(() => PyTorchFile.Read(new MemoryStream(bytes)));
    });

    [TestMethod]
    public void Write_OfWhatWasRead_IsReadBackBitForBit()
    {
        using var scope = NewDisposeScope();
        foreach (var name in new[] { "types.pth", "views.pth", "module.pth", "nothing.pth" })
        {
            var expected = Fixture.Cases("weights", "files").First(item => item.GetProperty("file").GetString() == name).GetProperty("tensors");

            var bytes = Written(PyTorchFile.Read(WeightFixtures.Path(name)));

            WeightFixtures.AssertEqual(expected, PyTorchFile.Read(new MemoryStream(bytes)), name);
        }
    }

    [TestMethod]
    public void Write_OfTheSameTensorsInAnotherOrder_GivesTheSameBytes()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(3, 4), rand(5));

        CollectionAssert.AreEqual(Written(new() { ["a"] = a, ["b"] = b }), Written(new() { ["b"] = b, ["a"] = a }));
    }

    [TestMethod]
    public void Write_BeginsEachStorageAtAMultipleOf64()
    {
        using var scope = NewDisposeScope();
        var bytes = Written(new() { ["a"] = ones(1), ["longer name"] = ones(100), ["c"] = ones(3) });

        var entries = new ZipDirectory(new MemoryStream(bytes)).Entries.Values.ToList();

        Assert.HasCount(6, entries);
        Assert.IsTrue(entries.All(entry => entry.DataOffset % 64 == 0));
    }

    [TestMethod]
    public void Write_OfOneTensorUnderTwoNames_WritesItOnce()
    {
        using var scope = NewDisposeScope();
        var shared = rand(1000);

        var bytes = Written(new() { ["a"] = shared, ["b"] = shared.view(10, 100), ["c"] = shared.narrow(0, 0, 500) });
        var read = PyTorchFile.Read(new MemoryStream(bytes));
        read["a"].fill_(2);

        Assert.IsLessThan(8000, bytes.Length);
        Assert.AreEqual(200f, read["b"].sum(1)[3].item<float>());
        Assert.AreNotEqual(1000f, read["c"].sum().item<float>());
    }

    [TestMethod]
    public void Write_OfATensorOfManyPieces_IsReadBack()
    {
        using var scope = NewDisposeScope();
        var large = arange(700_001).to(ScalarType.Float32);

        TensorAssert.AreClose(large, PyTorchFile.Read(new MemoryStream(Written(new() { ["x"] = large })))["x"], 0);
    }

    [TestMethod]
    public void Write_OfWhatFilesCantHold_SaysSo()
    {
        using var scope = NewDisposeScope();
        var quantized = quantize_per_tensor(zeros(2), 0.1, 0, ScalarType.QInt8);
        KeyValuePair<string, Tensor>[] twice = [new("x", ones(1)), new("x", ones(2))];

        StringAssert.Contains(Error(() => Written(new() { ["x"] = ones(2, 2).to_sparse() })), "The tensor 'x' is sparse", StringComparison.Ordinal);
        StringAssert.Contains(Error(() => Written(new() { ["x"] = quantized })), "The tensor 'x' is QInt8, which can't be written", StringComparison.Ordinal);
        StringAssert.Contains(Error(() => PyTorchFile.Write(Stream.Null, twice)), "Two tensors are called 'x'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Write_LeavesNoTensors() => TensorAssert.LeavesOnly(2, () =>
    {
        var (a, b) = (rand(2, 3), rand(3));
        using (NewDisposeScope())
            a.t();
        PyTorchFile.Write(Stream.Null, new Dictionary<string, Tensor> { ["a"] = a, ["b"] = b });
    });

    private static string Error(Action action) => Assert.ThrowsExactly<ArgumentException>(action).Message;

    private static byte[] Written(Dictionary<string, Tensor> tensors)
    {
        using var stream = new MemoryStream();
        PyTorchFile.Write(stream, tensors);
        return stream.ToArray();
    }
}
