namespace MlComponents.Tests.Data.Loading;

/// <summary>A data set by index is less than ten lines of C#: those between here and the tests, which are the example of <see cref="ExampleDataset"/>'s documentation.</summary>
[TestClass]
public sealed class ExampleDatasetTests
{
    private sealed class Pictures(string folder) : ExampleDataset
    {
        private readonly string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        public override long Count => files.Length;
        public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { ["features"] = [1, 28, 28], ["label"] = [] };
        public override Example Read(long index) => new(
            features: tensor(Array.ConvertAll(File.ReadAllBytes(files[index]), pixel => pixel / 255f)).reshape(1, 28, 28),
            label: tensor(long.Parse(Path.GetFileName(files[index])[..1])));
    }

    [TestMethod]
    public void Fit_OnADataSetOfNineLines_LearnsThePicturesAndLeavesNoTensor()
    {
        var folder = Directory.CreateTempSubdirectory("nine-lines-").FullName;
        try
        {
            for (var i = 0; i < 40; i++)   // class 0 is dark above, class 1 below
                File.WriteAllBytes(Path.Combine(folder, $"{i % 2}-{i:d6}.raw"), [.. Enumerable.Range(0, 784).Select(pixel => (byte)(pixel < 392 == (i % 2 == 0) ? 10 + i : 200 + i))]);
            var data = new Pictures(folder);
            var options = new TrainerOptions { Epochs = 5, BatchSize = 8, Seed = 1, Device = "cpu", Prefetching = new() { Workers = 2 } };

            using var result = new Trainer(options).Fit(new Mlp { Hidden = [8] }, Objective.Multiclass(2), data, data);
            TensorAssert.LiveCount();
            var before = Tensor.TotalCount;
            using (var batch = data.Gather([39, 0]))
            {
                Assert.AreEqual(before + 2, Tensor.TotalCount);
                Assert.AreEqual(239 / 255f, batch.Features[0, 0, 0, 0].item<float>());   // the last in the order of names
                CollectionAssert.AreEqual(new long[] { 1, 0 }, batch.Label.data<long>().ToArray());
            }

            Assert.AreEqual(1, result.History[^1].Metrics["validation/accuracy"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    [DataRow("src/MlComponents/Data/ExampleDataset.cs")]
    [DataRow("docs/DATA.md")]
    public void Documentation_OfADataSetByIndex_HasTheseLines(string file)
    {
        var here = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "MlComponents.Tests", "Data", "Loading", "ExampleDatasetTests.cs"));
        var lines = here.SkipWhile(line => !line.Contains("class Pictures", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0).Select(line => line[4..].Replace("private sealed class", "sealed class")).ToList();

        var documentation = File.ReadAllText(Path.Combine(Repository.Root, file)).Replace("/// ", "").Replace("&lt;", "<").Replace("&gt;", ">");

        Assert.HasCount(9, lines);
        foreach (var line in lines)
            Assert.Contains($"\n{line}\n", documentation);
    }

    [TestMethod]
    public void Example_ReadByADataSet_KnowsItsNumber()
    {
        using var own = new Example(zeros(1), zeros(1));
        Assert.IsNull(own.Number);
        Assert.AreEqual("an example", own.ToString());

        var collated = new List<long?>();
        new Watched(collated).Gather([4, 2]).Dispose();

        CollectionAssert.AreEqual(new long?[] { 4, 2 }, collated);
    }

    private sealed class Watched(List<long?> numbers) : ExampleDataset
    {
        public override long Count => 5;

        public override IReadOnlyDictionary<string, long[]> Shapes => new Dictionary<string, long[]>();

        public override Example Read(long index) => new(zeros(1), zeros(1));

        public override Batch Collate(IReadOnlyList<Example> examples)
        {
            numbers.AddRange(examples.Select(example => example.Number));
            return base.Collate(examples);
        }
    }
}
