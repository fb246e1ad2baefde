using System.Text.Json.Nodes;

namespace MlComponents.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointFolderTests
{
    private string root = null!;
    private CheckpointFolder folder = null!;

    [TestInitialize]
    public void CreateFolder()
    {
        root = Path.Combine(Directory.CreateTempSubdirectory().FullName, "checkpoints");
        folder = new CheckpointFolder(root);
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(Path.GetDirectoryName(root)!, recursive: true);

    [TestMethod]
    public void Read_OfWhatWasWritten_IsThatToTheBit()
    {
        using var scope = NewDisposeScope();
        var before = TensorAssert.LiveCount();
        using var written = new Checkpoint
        {
            Step = 123_456_789_012, Epoch = 3, Batch = 17,
            Metrics = new Dictionary<string, double> { ["validation/loss"] = 0.1, ["nan"] = double.NaN, ["inf"] = double.NegativeInfinity },
            Definition = new JsonObject { ["network"] = "{\"name\":\"mlp\"}", ["seed"] = 7, ["größe"] = null },
            Environment = new JsonObject { ["threads"] = 2 },
        };
        foreach (var type in new[]
        {
            ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32,
            ScalarType.Float64, ScalarType.ComplexFloat32,
        })
            written.Weights.Set($"of.{type}", randint(0, 2, [2, 3], ScalarType.Float32).to(type));
        written.Optimizer.Set("scalar", tensor(5L));
        written.Optimizer.Set("empty", empty(0, 3));
        written.Optimizer.Set("special", tensor([float.NaN, float.PositiveInfinity, -0f, float.Epsilon]));
        var part = written.Run.Section("a/b~c").Section("日本");
        part.Set("a/b", tensor(1.5));
        part.Set("~1", tensor(2.5));
        part.Set("number", Math.PI);
        part.Set("nan", double.NaN);
        part.Set("list", new[] { 1L, long.MaxValue });
        part.Set<string?>("null", null);
        written.Run.Section("empty");

        folder.Write(written);
        using (var read = folder.Read(written.Step))
        {
            Assert.AreEqual((written.Step, 3, 17L), (read.Step, read.Epoch, read.Batch));
            CollectionAssert.AreEquivalent(written.Metrics.ToList(), read.Metrics.ToList());
            Assert.IsTrue(JsonNode.DeepEquals(written.Definition, read.Definition), read.Definition.ToJsonString());
            Assert.IsTrue(JsonNode.DeepEquals(written.Environment, read.Environment), read.Environment.ToJsonString());
            AssertEqual(written.Weights, read.Weights);
            AssertEqual(written.Optimizer, read.Optimizer);
            AssertEqual(written.Run, read.Run);
            var readPart = read.Run.Section("a/b~c").Section("日本");
            Assert.AreEqual(Math.PI, readPart.Get<double>("number"));
            Assert.IsTrue(double.IsNaN(readPart.Get<double>("nan")));
            CollectionAssert.AreEqual(new[] { 1L, long.MaxValue }, readPart.Get<long[]>("list"));
            Assert.IsNull(readPart.Get<string?>("null"));
            Assert.IsTrue(read.Run.Sections.ContainsKey("empty"));
        }
        written.Dispose();
        scope.DisposeEverything();
        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void Write_OfTheSameCheckpoint_GivesTheSameBytes()
    {
        using var checkpoint = ExampleCheckpoint.Create(7, 0.5);
        var other = new CheckpointFolder(Path.Combine(root, "other"));

        folder.Write(checkpoint);
        other.Write(checkpoint);

        string[] files = ["optimizer.safetensors", "run.safetensors", "state.json", "weights.safetensors"];
        var first = Path.Combine(root, "step-00000007");
        CollectionAssert.AreEqual(files, Directory.GetFiles(first).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        foreach (var file in files)
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(root, "other", "step-00000007", file)), file);
    }

    [TestMethod]
    public void Write_OfWeights_IsAnOrdinaryFileOfWeights()
    {
        using var scope = NewDisposeScope();
        using var network = (nn.Module)new Mlp { Hidden = [4] }.Create(NetworkContext.Of([3], outputs: 2));
        using var checkpoint = ExampleCheckpoint.Create(1);
        using var weights = new Checkpoint { Step = 2, Epoch = 1, Batch = 0, Definition = [], Environment = [], Metrics = new Dictionary<string, double>() };
        foreach (var (name, tensor) in network.state_dict())
            weights.Weights.Set(name, tensor);

        folder.Write(weights);
        var report = StateDict.Load(network, Path.Combine(root, "step-00000002", "weights.safetensors"));

        Assert.IsTrue(report.IsComplete);
    }

    [TestMethod]
    public void Steps_OfAFolderWithOtherThings_AreThoseOfCheckpointsInOrder()
    {
        Assert.IsEmpty(folder.Steps);
        foreach (var step in new[] { 20L, 3, 123_456_789 })
            Write(step);
        foreach (var name in new[] { "step-12", "step-000000005", "step-0000000x", "step-00000009.tmp", "step--0000001", "notes" })
            Directory.CreateDirectory(Path.Combine(root, name));
        File.WriteAllText(Path.Combine(root, "step-00000008"), "a file");

        CollectionAssert.AreEqual(new[] { 3L, 20, 123_456_789 }, folder.Steps.ToArray());
        Assert.HasCount(0, folder.ReadMetrics(3));
    }

    [TestMethod]
    public void Write_OfAStepThatIsThere_TakesItsPlace()
    {
        Write(5, 0.25);
        using var second = ExampleCheckpoint.Create(5, 0.125);
        folder.Write(second);

        Assert.AreEqual(0.125, folder.ReadMetrics(5)[ExampleCheckpoint.Metric]);
        Assert.HasCount(1, Directory.GetFileSystemEntries(root));
    }

    [TestMethod]
    public void Prepare_AfterAKilledRun_LeavesWholeCheckpointsAndWhatIsNotOurs()
    {
        Write(5);
        Write(6);
        Directory.Move(In("step-00000006"), In("step-00000006.replaced"));                               // killed between the two renames of a replacement
        CopyFolder(In("step-00000005"), In("step-00000005.replaced"));                                   // killed after them
        CopyFolder(In("step-00000005"), In("step-00000007.0123456789abcdef0123456789abcdef.tmp"));       // killed before the rename
        Directory.CreateDirectory(In("step-00000007.mine.tmp"));
        var before = folder.Steps.ToArray();

        folder.Prepare();

        CollectionAssert.AreEqual(new[] { 5L }, before);
        CollectionAssert.AreEqual(new[] { "step-00000005", "step-00000006", "step-00000007.mine.tmp" },
            Directory.GetFileSystemEntries(root).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        using var read = folder.ReadLatest(Assert.Fail);
        ExampleCheckpoint.AssertWhole(read!, 6);
    }

    [TestMethod]
    public void Delete_OfACheckpoint_LeavesTheOthers()
    {
        Write(5);
        Write(6);

        folder.Delete(5);
        folder.Delete(5);

        CollectionAssert.AreEqual(new[] { "step-00000006" }, Directory.GetFileSystemEntries(root).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void Write_OnAFullDisk_LeavesWhatWasThere()
    {
        Write(5);
        using var checkpoint = ExampleCheckpoint.Create(6, size: 1000);
        var size = Directory.GetFiles(In("step-00000005")).Sum(file => new FileInfo(file).Length) + 2 * 4 * 997 + 8 * 997;
        foreach (var space in new[] { 0, 1, 100, 5_000, 12_000, size - 200 })
        {
            var left = space;
            var full = new CheckpointFolder(root, stream => new FullDisk(stream, bytes => (left -= bytes) >= 0));

            Assert.ThrowsExactly<IOException>(() => full.Write(checkpoint), $"{space} of {size} bytes");

            CollectionAssert.AreEqual(new[] { "step-00000005" }, Directory.GetFileSystemEntries(root).Select(Path.GetFileName).ToArray(), $"{space} bytes");
        }
        using var read = folder.ReadLatest(Assert.Fail);
        ExampleCheckpoint.AssertWhole(read!, 5);
    }

    [TestMethod]
    public void Write_WhereAFileIsInTheWay_IsAnErrorOfTheDisk()
    {
        File.WriteAllText(root, "no folder");
        using var checkpoint = ExampleCheckpoint.Create(6);

        Assert.Throws<IOException>(() => folder.Write(checkpoint));
        Assert.Throws<IOException>(folder.Prepare);
    }

    private string In(string name) => Path.Combine(root, name);

    private void Write(long step, double? loss = null)
    {
        using var checkpoint = ExampleCheckpoint.Create(step, loss);
        folder.Write(checkpoint);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static void AssertEqual(ComponentState expected, ComponentState actual)
    {
        CollectionAssert.AreEquivalent(expected.Tensors.Keys.ToArray(), actual.Tensors.Keys.ToArray());
        foreach (var (name, tensor) in expected.Tensors)
        {
            Assert.AreEqual(tensor.dtype, actual.Tensors[name].dtype, name);
            CollectionAssert.AreEqual(tensor.shape, actual.Tensors[name].shape, name);
            Assert.IsTrue(tensor.bytes.SequenceEqual(actual.Tensors[name].bytes), name);
        }
        CollectionAssert.AreEquivalent(expected.Values.Keys.ToArray(), actual.Values.Keys.ToArray());
        CollectionAssert.AreEquivalent(expected.Sections.Keys.ToArray(), actual.Sections.Keys.ToArray());
        foreach (var (name, section) in expected.Sections)
            AssertEqual(section, actual.Sections[name]);
    }
}
