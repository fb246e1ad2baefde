using System.Text.Json;
using Digits;
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
    [DataRow("linear", 2)]
    [DataRow("mlp", 2)]
    [DataRow("convnet", 2)]
    [DataRow("tabular-resnet", 1)]
    [DataRow("mobilenet-v3", 1)]
    [DataRow("resnet18", 1)]
    public void Train_ThenScoreInAnotherProcess_GivesTheSameMetricsToTheLastDigit(string network, int epochs)
    {
        var output = In($"run-{network}");

        var trained = SampleProcess.Run("--data", data, "--network", network, "--epochs", $"{epochs}", "--output", output, "--json");
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
            new[] { "history.jsonl", "mistakes.png", "model.zip", "settings.json", "weights.safetensors" }, Directory.GetFiles(output).Select(Path.GetFileName).ToArray());
        Assert.HasCount(2, History.Load(Path.Combine(output, "history.jsonl")));
        using var picture = SkiaSharp.SKBitmap.Decode(Path.Combine(output, "mistakes.png"));
        Assert.IsGreaterThan(1000, picture.Width);
        Assert.Contains("epoch 2/2", run.Output);
        Assert.Contains("recall", run.Output);
        Assert.Contains("macro accuracy", run.Output);
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void Train_WithWorkersTensorBoardAndReport_WritesThemAndEndsWithTheSameWeights()
    {
        string[] plain = ["--data", data, "--network", "mlp", "--epochs", "1", "--json"];
        var alone = SampleProcess.Run([.. plain, "--output", In("alone"), "--workers", "0"]);
        var watched = SampleProcess.Run([.. plain, "--output", In("watched"), "--workers", "2", "--tensorboard", In("board"), "--report"]);

        Assert.AreEqual(0, watched.ExitCode, watched.Error);
        Assert.HasCount(1, watched.Output.TrimEnd().Split('\n'));
        Assert.AreEqual(Weights(alone), Weights(watched));
        Assert.IsNotEmpty(Directory.GetFiles(In("board"), "events.out.tfevents.*", SearchOption.AllDirectories));
        Assert.Contains($"report:   {In("watched/report.html")}", watched.Error);
        Assert.StartsWith("<!", File.ReadAllText(In("watched/report.html")));
        Assert.IsFalse(File.Exists(In("alone/report.html")));

        static string Weights(SampleProcess.Result run) => JsonDocument.Parse(run.LastLine).RootElement.GetProperty("weightsSha256").GetString()!;
    }

    [TestMethod]
    public void Train_OfALinearModelWithWorkers_SaysThatItHasNone()
    {
        var run = SampleProcess.Run("--data", data, "--network", "linear", "--workers", "2", "--report", "--output", In("linear-workers"));

        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("The linear model is trained by ML.NET, which has no --workers, --report: leave it out, or choose a network.", run.Error.Trim());
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
    [DataRow("INT")]
    [DataRow("TERM")]
    public void Train_ThatIsStopped_KeepsItsBestModelWithinFiveSeconds(string signal)
    {
        var output = In($"stopped-{signal}");

        var run = SampleProcess.RunAndSignal(
            "epoch    1/2000", signal, TimeSpan.FromSeconds(5), "--data", data, "--network", "mlp", "--epochs", "2000", "--output", output, "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.StartsWith("Cancelled after", summary.GetProperty("stopReason").GetString());
        var ml = new MLContext();
        var kept = ml.Model.Load(Path.Combine(output, "model.zip"), out _);
        using var owned = kept as IDisposable;
        var metrics = DigitEvaluation.Of(ml, kept, DigitData.Load(data, seed: 0).Test).Metrics;
        Assert.AreEqual(summary.GetProperty("accuracy").GetDouble(), metrics.MicroAccuracy);
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
    [DataRow("linear")]
    [DataRow("convnet")]
    public void Train_OnFewerDigitsThanAreTested_IsOneSentenceAndWritesNothing(string network)
    {
        var (train, test) = (DigitArtist.Draw(DigitSplit.Train, 100, seed: 3), DigitArtist.Draw(DigitSplit.Test, 50, seed: 3));
        IdxFolder.Write(In("fewer"), IdxFolder.Without(train, 3, 7), test);

        var run = SampleProcess.Run("--data", In("fewer"), "--network", network, "--output", In("nothing"));

        AssertOneSentence(run, "10 of 50 test digits are 3, 7, which no training digit was");
        Assert.IsFalse(Directory.Exists(In("nothing")));
    }

    [TestMethod]
    [DataRow("linear")]
    [DataRow("mlp")]
    public void Score_OfAModelThatKnowsFewerDigits_IsOneSentence(string network)
    {
        var (train, test) = (DigitArtist.Draw(DigitSplit.Train, 100, seed: 3), DigitArtist.Draw(DigitSplit.Test, 50, seed: 3));
        var trained = SampleProcess.Run(
            "--data", IdxFolder.Write(In($"nine-{network}"), IdxFolder.Without(train, 7), IdxFolder.Without(test, 7)), "--network", network, "--epochs", "1",
            "--output", In($"knows-nine-{network}"));
        Assert.AreEqual(0, trained.ExitCode, trained.Error);

        var run = SampleProcess.Run("score", "--model", In($"knows-nine-{network}/model.zip"), "--data", data);

        AssertOneSentence(run, "6 of 60 test digits are 7, which no training digit was: learn from all digits that are tested, or test 0, 1, 2, 3, 4, 5, 6, 8, 9 only.");
    }

    [TestMethod]
    [DataRow("linear")]
    [DataRow("mlp")]
    public void Train_OnOneDigitOnly_IsOneSentence(string network)
    {
        var same = new DigitSet(new float[4 * DigitSet.PixelCount], [5, 5, 5, 5]);
        IdxFolder.Write(In("same"), same, same);

        AssertOneSentence(
            SampleProcess.Run("--data", In("same"), "--network", network, "--output", In("nothing")),
            "All 4 training digits are 5; there must be at least two different ones to be told apart.");
    }

    [TestMethod]
    public void Train_OfANetworkThatCantReadDigits_SaysWhyAndWritesNothing()
    {
        var run = SampleProcess.Run("--data", data, "--network", "unet", "--output", In("nothing"));

        Assert.AreEqual(1, run.ExitCode);
        Assert.StartsWith("UNet needs heights and widths that are multiples of 16, but these examples are 28 by 28", run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'), run.Error);
        Assert.IsFalse(Directory.Exists(In("nothing")));
    }

    [TestMethod]
    [DataRow("--nonsense", "--nonsense")]
    [DataRow("--epochs 0", "--epochs is 0; allowed are whole numbers from 1")]
    [DataRow("--epochs many", "--epochs is many; allowed are whole numbers from 1")]
    [DataRow("--seed -1", "--seed is -1; allowed are whole numbers from 0")]
    [DataRow("--recipe secret", "Argument 'secret' not recognized. Must be one of: 'plain' 'best'")]
    [DataRow("--precision float16", "Argument 'float16' not recognized. Must be one of: 'float32' 'bfloat16'")]
    [DataRow("--checkpoint-steps 0", "--checkpoint-steps is 0; allowed are whole numbers from 1")]
    [DataRow("--network linear --recipe best --precision float32 --checkpoint-steps 1", "which has no --recipe, --precision, --checkpoint-steps: leave it out, or choose a network.")]
    [DataRow("--network forest", "Argument 'forest' not recognized. Must be one of: 'linear' ")]
    [DataRow("--network forest", "'mlp' 'mobilenet-v3' 'mobilenet-v3-large' ")]
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
