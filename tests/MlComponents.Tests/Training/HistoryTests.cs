namespace MlComponents.Tests.Training;

[TestClass]
public sealed class HistoryTests
{
    [TestMethod]
    public void Write_ThenRead_GivesTheSameRows()
    {
        var history = new History(
        [
            new() { Epoch = 1, Step = 10, Seconds = 0.5, LearningRate = 1e-3, GradientNorm = 1.25, Metrics = new Dictionary<string, double> { ["train/loss"] = 0.1, ["validation/loss"] = double.NaN } },
            new() { Epoch = 2, Step = 20, Seconds = 1.5, LearningRate = 1e-4, Metrics = new Dictionary<string, double> { ["train/loss"] = 1.0 / 3 } },
        ])
        { StopReason = "Cancelled." };
        using var text = new StringWriter();

        history.Write(text);
        var again = History.Read(new StringReader(text.ToString()));

        Assert.HasCount(3, text.ToString().TrimEnd('\n').Split('\n'));
        Assert.AreEqual("Cancelled.", again.StopReason);
        for (var i = 0; i < 2; i++)
        {
            Assert.AreEqual(history[i] with { Metrics = again[i].Metrics }, again[i]);
            CollectionAssert.AreEqual(history[i].Metrics.ToList(), again[i].Metrics.ToList());
        }
    }

    [TestMethod]
    public void Write_OfARow_IsOneLineOfJson()
    {
        var history = new History([new() { Epoch = 1, Step = 10, Seconds = 0.5, LearningRate = 0.001, Metrics = new Dictionary<string, double> { ["train/loss"] = 0.25 } }]);
        using var text = new StringWriter();

        history.Write(text);

        Assert.AreEqual("""{"epoch":1,"step":10,"seconds":0.5,"learningRate":0.001,"metrics":{"train/loss":0.25}}""" + "\n", text.ToString());
    }

    [TestMethod]
    [DataRow("{\"epoch\":1")]
    [DataRow("nonsense")]
    [DataRow("{\"epoch\":1}")]
    [DataRow("null")]
    public void Read_OfSomethingElse_NamesTheLine(string line)
    {
        var text = """{"epoch":1,"step":10,"seconds":0.5,"learningRate":0.001,"metrics":{}}""" + "\n" + line + "\n";

        var e = Assert.ThrowsExactly<InvalidDataException>(() => History.Read(new StringReader(text)));

        StringAssert.Contains(e.Message, "Line 2 is no row of a training history");
    }

    [TestMethod]
    public void Save_OverAnOlderFile_ReplacesItAndLeavesNothingElse()
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "deep", "history.jsonl");
        try
        {
            new History { StopReason = "first" }.Save(path);
            new History { StopReason = "second" }.Save(path);

            Assert.AreEqual("second", History.Load(path).StopReason);
            Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
