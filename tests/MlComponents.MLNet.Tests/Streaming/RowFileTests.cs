namespace MlComponents.MLNet.Tests.Streaming;

[TestClass]
public sealed class RowFileTests : StreamingTest
{
    [TestMethod]
    [DataRow(1L << 20, 15)]      // 1024 bytes, the least
    [DataRow(1L << 30, 1927)]    // an 8192nd: 131072 bytes
    [DataRow(1L << 40, 3855)]    // 262144 bytes, the most
    public void BlockRows_OfAMemory_AreAsManyAsAnEightThousandthHolds(long memory, int rows)
    {
        using var file = RowFile.Create(Folder.FullName, Columns(RegressionTask.Instance), memory);

        Assert.AreEqual(rows, file.BlockRows);   // of 68 bytes
    }

    [TestMethod]
    public void Read_OfBlocksInAnyOrder_GivesTheRowsThatWereWritten()
    {
        var before = TensorAssert.LiveCount();
        using (var file = RowFile.Create(Folder.FullName, Columns(MulticlassTask.Instance, weight: "Weight"), memory: 1 << 20))
        {
            Write(file, 30);

            using var rows = file.Read([file.Block(2), file.Block(0)]);

            Assert.AreEqual(13, file.BlockRows);   // of 76 bytes
            Assert.AreEqual(3, file.Blocks);
            CollectionAssert.AreEqual(new long[] { 17, NumberedRow.Width }, rows.Features.shape);
            CollectionAssert.AreEqual(Enumerable.Range(26, 4).Concat(Enumerable.Range(0, 13)).Select(row => (long)row).ToArray(), rows.Label.data<long>().ToArray());
            CollectionAssert.AreEqual(rows.Label.data<long>().Select(row => row / 4f).ToArray(), rows.Weight!.data<float>().ToArray());
            CollectionAssert.AreEqual(rows.Label.data<long>().SelectMany(row => Enumerable.Range(0, NumberedRow.Width).Select(i => row + i / 100f)).ToArray(), rows.Features.data<float>().ToArray());
        }

        Assert.AreEqual(before, Tensor.TotalCount);
        Assert.IsEmpty(Folder.GetFiles());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(10)]     // in the middle of blocks
    [DataRow(13)]
    [DataRow(30)]
    [DataRow(100)]
    public void ReadGroups_OfAnySize_GivesTheRowsOfReadInTheirOrder(int rows)
    {
        var columns = Columns(MulticlassTask.Instance, weight: "Weight");
        using var file = RowFile.Create(Folder.FullName, columns, memory: 1 << 20);
        Write(file, 30);   // blocks of 13, 13 and 4
        var stream = new RowFileStream(file, columns, seed: 5);
        var before = TensorAssert.LiveCount();
        var (groups, features) = (new List<long[]>(), new List<float>());

        foreach (var group in stream.ReadGroups(epoch: 2, rows))
        {
            groups.Add(group.Label.data<long>().ToArray());
            features.AddRange(group.Features.data<float>());
            CollectionAssert.AreEqual(groups[^1].Select(row => row / 4f).ToArray(), group.Weight!.data<float>().ToArray());
        }

        Assert.AreEqual(before, TensorAssert.LiveCount());
        CollectionAssert.AreEqual(Enumerable.Repeat(rows, 30 / rows).Concat(30 % rows > 0 ? [30 % rows] : []).ToArray(), groups.Select(group => group.Length).ToArray());
        CollectionAssert.AreEqual(Labels(stream, epoch: 2), groups.SelectMany(group => group).ToArray());
        CollectionAssert.AreEqual(groups.SelectMany(group => group).SelectMany(row => Enumerable.Range(0, NumberedRow.Width).Select(i => row + i / 100f)).ToArray(), features);
    }

    [TestMethod]
    public void ReadGroups_OfAFileThatWasCut_SaysBothLengthsAndLeavesNoTensor()
    {
        var handle = File.OpenHandle(NewFile("rows"), FileMode.CreateNew, FileAccess.ReadWrite);
        var columns = Columns(RegressionTask.Instance);
        using var file = new RowFile(handle, columns, memory: 1 << 20);
        Write(file, 45);
        RandomAccess.SetLength(handle, 1500);
        var before = TensorAssert.LiveCount();

        var e = Assert.ThrowsExactly<InvalidDataException>(() => new RowFileStream(file, columns, seed: null).ReadGroups(epoch: 1, 45).ToList());

        Assert.AreEqual("The temporary file of the rows ends at 1500 bytes, but 3060 were written: something has cut it.", e.Message);
        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void Read_OfAFileThatWasCut_SaysBothLengths()
    {
        var handle = File.OpenHandle(NewFile("rows"), FileMode.CreateNew, FileAccess.ReadWrite);
        using var file = new RowFile(handle, Columns(RegressionTask.Instance), memory: 1 << 20);
        Write(file, 45);
        RandomAccess.SetLength(handle, 1500);

        using var first = file.Read([file.Block(0)]);
        var before = Tensor.TotalCount;
        var e = Assert.ThrowsExactly<InvalidDataException>(() => file.Read([file.Block(1)]));

        Assert.AreEqual("The temporary file of the rows ends at 1500 bytes, but 3060 were written: something has cut it.", e.Message);
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Create_InAFolderThatIsNotThere_SaysWhatTheSystemSays()
    {
        var e = Assert.ThrowsExactly<RowFileException>(() => RowFile.Create(NoFolder, Columns(RegressionTask.Instance), memory: 1 << 20));

        StringAssert.StartsWith(e.Message, "The temporary file of the rows can't be written: ", StringComparison.Ordinal);
        Assert.AreSame(e.InnerException, e.GetBaseException());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Add_WhereTheDiskIsFull_SaysWhatTheSystemSays()
    {
        var before = TensorAssert.LiveCount();
        using (var file = new RowFile(File.OpenHandle("/dev/full", FileMode.Open, FileAccess.ReadWrite), Columns(RegressionTask.Instance), memory: 1 << 20))
        {
            var e = Assert.ThrowsExactly<RowFileException>(() => Write(file, 1000));

            StringAssert.StartsWith(e.Message, "The temporary file of the rows can't be written: No space left on device", StringComparison.Ordinal);
        }

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    private TrainingColumns Columns(TorchTask task, string? weight = null) => TrainingColumns.Of(
        Ml.Data.LoadFromEnumerable(new[] { new Row() }).Schema, task, new() { LabelColumnName = task is MulticlassTask ? "Key" : "Weight", ExampleWeightColumnName = weight });

    private static long[] Labels(RowFileStream stream, int epoch)
    {
        var labels = new List<long>();
        foreach (var chunk in stream.Read(epoch))
            using (chunk)
                labels.AddRange(chunk.Label.data<long>());
        return [.. labels];
    }

    private static void Write(RowFile file, int count)
    {
        for (var row = 0; row < count; row++)
        {
            var features = file.Next();
            for (var i = 0; i < features.Length; i++)
                features[i] = row + i / 100f;
            file.Add(row, row / 4f);
        }
        file.Complete();
    }

    private sealed class Row
    {
        [VectorType(NumberedRow.Width)]
        public float[] Features { get; set; } = new float[NumberedRow.Width];

        [KeyType(100)]
        public uint Key { get; set; }

        public float Weight { get; set; }
    }
}
