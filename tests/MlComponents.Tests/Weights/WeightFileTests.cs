namespace MlComponents.Tests.Weights;

[TestClass]
public sealed class WeightFileTests
{
    private string folder = null!;

    [TestInitialize]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory().FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow("a.safetensors")]
    [DataRow("a.pth")]
    [DataRow("a.pt")]
    public void Read_OfAFileWithAnotherName_GoesByItsContent(string name)
    {
        using var scope = NewDisposeScope();
        var x = rand(2, 3);
        WeightFile.Write(Path.Combine(folder, name), new Dictionary<string, Tensor> { ["x"] = x });
        File.Move(Path.Combine(folder, name), Path.Combine(folder, "weights.bin"));

        var read = WeightFile.Read(Path.Combine(folder, "weights.bin"));

        TensorAssert.AreClose(x, read["x"], 0);
    }

    [TestMethod]
    public void Write_OfAnExtension_ChoosesTheFormat()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["x"] = ones(1) };

        WeightFile.Write(Path.Combine(folder, "a.safetensors"), tensors);
        WeightFile.Write(Path.Combine(folder, "a.pt"), tensors);

        Assert.HasCount(1, Safetensors.Read(new MemoryStream(File.ReadAllBytes(Path.Combine(folder, "a.safetensors")))));
        Assert.HasCount(1, PyTorchFile.Read(Path.Combine(folder, "a.pt")));
    }

    [TestMethod]
    [DataRow("a.bin", "ends with '.bin', but must say the format")]
    [DataRow("pth", "ends with '', but must say the format")]
    public void Write_OfAnotherExtension_SaysWhichThereAre(string name, string expected)
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => WeightFile.Write(Path.Combine(folder, name), []));

        StringAssert.Contains(e.Message, expected, StringComparison.Ordinal);
        Assert.IsEmpty(Directory.GetFiles(folder));
    }

    [TestMethod]
    public void Write_ThatFails_LeavesTheOldFile()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder, "a.pth");
        WeightFile.Write(path, new Dictionary<string, Tensor> { ["x"] = ones(1) });
        var before = File.ReadAllBytes(path);

        Assert.ThrowsExactly<ArgumentException>(() => WeightFile.Write(path, new Dictionary<string, Tensor> { ["x"] = ones(2, 2).to_sparse() }));

        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(folder));
    }

    [TestMethod]
    [DataRow(2)]    // a header of 0x0280 bytes begins as older files of PyTorch do
    [DataRow(4)]    // and one of 0x0380 bytes
    public void Read_OfASafetensorsFileThatBeginsLikeAPickle_ReadsIt(int high)
    {
        using var scope = NewDisposeScope();
        var header = """{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""".PadRight(high * 256 + 0x80);
        var path = Path.Combine(folder, "a");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. System.Text.Encoding.ASCII.GetBytes(header), 7]);

        Assert.AreEqual(7, WeightFile.Read(path)["x"].item<byte>());
    }

    [TestMethod]
    public void Read_OfAnotherFile_SaysWhatIsKnown()
    {
        var path = Path.Combine(folder, "a.pth");
        foreach (var bytes in new byte[][] { [], [1], "{\"weights\": 1}"u8.ToArray() })
        {
            File.WriteAllBytes(path, bytes);

            var e = Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Read(path));

            StringAssert.Contains(e.Message, $"{path}: This is no file of weights", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void Read_OfAKeyInASafetensorsFile_SaysThatThereIsNone()
    {
        var path = Path.Combine(folder, "a.safetensors");
        WeightFile.Write(path, []);

        var e = Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Read(path, "state_dict"));

        StringAssert.Contains(e.Message, "This is a safetensors file, which has no key 'state_dict'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OntoADevice_PutsThemThere()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder, "a.safetensors");
        WeightFile.Write(path, new Dictionary<string, Tensor> { ["x"] = ones(2) });

        Assert.AreEqual(DeviceType.META, WeightFile.Read(path, device: META)["x"].device_type);
        Assert.AreEqual(DeviceType.CPU, WeightFile.Read(path)["x"].device_type);
    }

    [TestMethod]
    public void Read_OfNoFile_IsTheSystemsError() => Assert.ThrowsExactly<FileNotFoundException>(() => WeightFile.Read(Path.Combine(folder, "none.pth")));
}
