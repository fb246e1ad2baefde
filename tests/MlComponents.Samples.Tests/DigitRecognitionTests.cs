using System.Text.Json;
using Microsoft.ML;

namespace MlComponents.Samples.Tests;

[TestClass]
public sealed class DigitRecognitionTests
{
    private static string folder = null!;
    private static string data = null!;
    private static string model = null!;

    [ClassInitialize]
    public static void TrainALinearModel(TestContext context)
    {
        folder = Directory.CreateTempSubdirectory().FullName;
        data = IdxFolder.Write(In("data"), train: 300, test: 60);
        var run = SampleProcess.Run("--data", data, "--network", "linear", "--output", In("linear"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        model = In("linear/model.zip");
    }

    [ClassCleanup]
    public static void Delete() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow("linear")]
    [DataRow("mlp")]
    [DataRow("convnet")]
    public void Train_ThenScoreInAnotherProcess_GivesTheSameMetricsToTheLastDigit(string network)
    {
        var output = In($"run-{network}");

        var trained = SampleProcess.Run("--data", data, "--network", network, "--epochs", "2", "--output", output, "--json");
        Assert.AreEqual(0, trained.ExitCode, trained.Error);
        var scored = SampleProcess.Run("score", "--model", Path.Combine(output, "model.zip"), "--data", data, "--json");
        Assert.AreEqual(0, scored.ExitCode, scored.Error);

        var (first, again) = (JsonDocument.Parse(trained.LastLine).RootElement, JsonDocument.Parse(scored.LastLine).RootElement);
        foreach (var metric in new[] { "accuracy", "macroAccuracy", "logLoss", "rows" })
            Assert.AreEqual(first.GetProperty(metric).GetRawText(), again.GetProperty(metric).GetRawText(), metric);
        Assert.AreEqual(60, first.GetProperty("rows").GetInt32());
        Assert.AreEqual(Path.Combine(output, "model.zip"), first.GetProperty("model").GetString());
        Assert.IsGreaterThan(0, first.GetProperty("trainSeconds").GetDouble());
        Assert.IsGreaterThan(0, again.GetProperty("scoreSeconds").GetDouble());
    }

    [TestMethod]
    public void Train_OfANetwork_WritesItsHistoryAndAReadablePicture()
    {
        var output = In("files");

        var run = SampleProcess.Run("--data", data, "--network", "mlp", "--epochs", "2", "--output", output);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        CollectionAssert.AreEquivalent(
            new[] { "history.jsonl", "mistakes.png", "model.zip" }, Directory.GetFiles(output).Select(Path.GetFileName).ToArray());
        Assert.HasCount(2, History.Load(Path.Combine(output, "history.jsonl")));
        using var picture = SkiaSharp.SKBitmap.Decode(Path.Combine(output, "mistakes.png"));
        Assert.IsGreaterThan(1000, picture.Width);
        Assert.Contains("epoch 2/2", run.Output);
        Assert.Contains("recall", run.Output);
        Assert.Contains("macro accuracy", run.Output);
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void Train_WithJson_KeepsStandardOutputToOneLine()
    {
        var run = SampleProcess.Run("--data", data, "--network", "mlp", "--epochs", "1", "--output", In("json"), "--json");

        Assert.HasCount(1, run.Output.TrimEnd().Split('\n'));
        Assert.Contains("epoch 1/1", run.Error);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void Train_ThatIsTerminated_KeepsItsBestModel()
    {
        var output = In("terminated");

        // Not SIGINT, which is handled alike: a test run in the background of a shell inherits that it is ignored.
        var run = SampleProcess.RunAndSignal(
            "epoch    1/2000", "TERM", "--data", data, "--network", "mlp", "--epochs", "2000", "--output", output, "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.StartsWith("Cancelled after", summary.GetProperty("stopReason").GetString());
        var scored = SampleProcess.Run("score", "--model", Path.Combine(output, "model.zip"), "--data", data, "--json");
        Assert.AreEqual(summary.GetProperty("logLoss").GetRawText(), JsonDocument.Parse(scored.LastLine).RootElement.GetProperty("logLoss").GetRawText());
    }

    [TestMethod]
    public void Train_IntoAFolderWithAModel_LeavesItAsItIs()
    {
        var before = File.ReadAllBytes(model);

        var run = SampleProcess.Run("--data", data, "--network", "linear", "--output", In("linear"));

        AssertOneSentence(run, "another run's model.zip");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(model));
    }

    [TestMethod]
    [DataRow("missing", "There is no folder")]
    [DataRow("linear/model.zip", "is a file, but a folder")]
    [DataRow("linear", "has neither train-images-idx3-ubyte.gz nor train-images-idx3-ubyte")]
    [DataRow("damaged", "is a damaged gzip file")]
    public void Train_OnUnreadableData_IsOneSentenceAndWritesNothing(string name, string message)
    {
        var damaged = Path.Combine(IdxFolder.Write(In("damaged"), train: 20, test: 10), "train-images-idx3-ubyte.gz");
        var bytes = File.ReadAllBytes(damaged);
        bytes.AsSpan(bytes.Length / 2, 40).Fill(0xff);
        File.WriteAllBytes(damaged, bytes);

        var run = SampleProcess.Run("--data", In(name), "--output", In("nothing"));

        AssertOneSentence(run, message);
        Assert.IsFalse(Directory.Exists(In("nothing")));
    }

    [TestMethod]
    [DataRow("--nonsense", "--nonsense")]
    [DataRow("--epochs 0", "--epochs is 0; allowed are whole numbers from 1")]
    [DataRow("--epochs many", "--epochs is many; allowed are whole numbers from 1")]
    [DataRow("--seed -1", "--seed is -1; allowed are whole numbers from 0")]
    [DataRow("--network forest", "'linear' 'mlp' 'convnet'")]
    [DataRow("score", "'--model' is required")]
    [DataRow("score --model missing.zip", "There is no model file missing.zip.")]
    public void Run_WithAWrongOption_IsOneSentence(string args, string message) =>
        AssertOneSentence(SampleProcess.Run(args.Split(' ')), message);

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.3)]
    [DataRow(0.99)]
    public void Score_OfATruncatedModel_IsOneSentence(double share)
    {
        var bytes = File.ReadAllBytes(model);
        var truncated = In($"truncated-{share}.zip");
        File.WriteAllBytes(truncated, bytes[..(int)(share * bytes.Length)]);

        AssertOneSentence(SampleProcess.Run("score", "--model", truncated, "--data", data), $"{truncated} can't be read as a model");
    }

    [TestMethod]
    public void Score_OfSomeOtherModel_IsOneSentence()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable([new { Price = 1f }]);
        ml.Model.Save(ml.Transforms.CopyColumns("Cost", "Price").Fit(rows), rows.Schema, In("other.zip"));

        AssertOneSentence(SampleProcess.Run("score", "--model", In("other.zip"), "--data", data), "none that reads digits");
    }

    private static string In(string name) => Path.Combine(folder, name);

    private static void AssertOneSentence(SampleProcess.Result run, string message)
    {
        Assert.AreEqual(1, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Output);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'), run.Error);
        Assert.Contains(message, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }
}
