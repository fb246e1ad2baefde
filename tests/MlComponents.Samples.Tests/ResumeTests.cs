using System.Security.Cryptography;
using System.Text.Json;
using Digits;

namespace MlComponents.Samples.Tests;

/// <summary>The sample, killed or stopped and started again with <c>--resume</c>, in processes of its own.</summary>
[TestClass]
public sealed class ResumeTests
{
    private const string Epochs = "30";
    private const int Steps = 30 * 9;   // 270 rows in batches of 30

    private static string folder = null!;
    private static string data = null!;
    private static string sha256 = null!;
    private static string accuracy = null!;

    [ClassInitialize]
    public static void TrainUndisturbed(TestContext context)
    {
        folder = Directory.CreateTempSubdirectory().FullName;
        data = IdxFolder.Write(In("data"), train: 300, test: 60);
        var run = Json(SampleProcess.Run(Mlp("undisturbed")));
        (sha256, accuracy) = (run.GetProperty("weightsSha256").GetString()!, run.GetProperty("accuracy").GetRawText());
        Assert.AreEqual(JsonValueKind.Null, run.GetProperty("resumedFromStep").ValueKind);
    }

    [ClassCleanup]
    public static void Delete() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void WeightsSha256_IsOfTheBytesOfTheFile() =>
        Assert.AreEqual(sha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(In("undisturbed/weights.safetensors")))));

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void Resume_AfterAKill_EndsWithTheWeightsOfAnUndisturbedRun()
    {
        var killed = SampleProcess.RunAndSignal("epoch 12/30", "KILL", Limit, [.. Mlp("killed"), "--checkpoint-steps", "7"]);
        Assert.AreEqual(128 + 9, killed.ExitCode, killed.Output + killed.Error);
        Assert.IsFalse(File.Exists(In("killed/model.zip")));

        var resumed = SampleProcess.Run("--resume", "--output", In("killed"), "--json");

        AssertUndisturbed(resumed, step => Assert.IsGreaterThanOrEqualTo(7, step));
        Assert.Contains("going on from step", resumed.Error);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void Resume_AfterCtrlC_ReplacesTheBestModelThatWasKept()
    {
        var stopped = SampleProcess.RunAndSignal("epoch  2/30", "INT", Limit, Mlp("stopped"));
        Assert.StartsWith("Cancelled after", Json(stopped).GetProperty("stopReason").GetString());
        Assert.Contains($"to go on: --resume --output {In("stopped")}", stopped.Error);
        Assert.AreNotEqual(sha256, Json(stopped).GetProperty("weightsSha256").GetString());

        var resumed = SampleProcess.Run("--resume", "--output", In("stopped"), "--json");

        AssertUndisturbed(resumed, step => Assert.IsGreaterThan(0, step));
        Assert.HasCount(30, History.Load(In("stopped/history.jsonl")));
    }

    /// <summary>The files of a run's end that a process was killed before it wrote; mistakes.png comes last, and the model before it.</summary>
    [TestMethod]
    [DataRow("mistakes.png")]
    [DataRow("mistakes.png weights.safetensors")]
    [DataRow("mistakes.png model.zip")]
    [DataRow("mistakes.png model.zip history.jsonl")]
    [DataRow("mistakes.png model.zip history.jsonl weights.safetensors")]
    [DataRow("mistakes.png model.zip history.jsonl weights.safetensors settings.json")]
    public void Resume_OfARunThatLacksFilesOfItsEnd_WritesThemAndTrainsNothing(string missing)
    {
        var output = Copy("undisturbed", $"lacks-{missing.Length}");
        foreach (var name in missing.Split(' '))
            File.Delete(Path.Combine(output, name));
        File.WriteAllText(Path.Combine(output, $"model.zip.{Guid.NewGuid():N}.tmp"), "a part");

        var resumed = SampleProcess.Run([.. missing.Contains("settings") ? Mlp(output) : ["--output", output, "--json"], "--resume"]);

        AssertUndisturbed(resumed, step => Assert.AreEqual(Steps, step), isTrained: missing.Contains("model"));
        CollectionAssert.AreEquivalent(Files(In("undisturbed")), Files(output));
        CollectionAssert.AreEqual(File.ReadAllBytes(In("undisturbed/weights.safetensors")), File.ReadAllBytes(Path.Combine(output, "weights.safetensors")));
    }

    [TestMethod]
    [DataRow("nothing")]
    [DataRow("leftovers")]
    public void Resume_WithoutACheckpoint_BeginsAnew(string name)
    {
        var output = Path.Combine(Directory.CreateDirectory(In($"anew-{name}")).FullName, name == "nothing" ? "new" : "");
        if (name == "leftovers")
        {
            File.Copy(In("undisturbed/settings.json"), Path.Combine(output, "settings.json"));
            File.WriteAllText(Path.Combine(output, $"settings.json.{Guid.NewGuid():N}.tmp"), "{");
            Directory.CreateDirectory(Path.Combine(output, "checkpoints", $"step-00000010.{Guid.NewGuid():N}.tmp"));
        }

        var run = SampleProcess.Run([.. Mlp(output), "--resume"]);

        Assert.AreEqual(sha256, Json(run).GetProperty("weightsSha256").GetString());
        Assert.AreEqual(JsonValueKind.Null, Json(run).GetProperty("resumedFromStep").ValueKind);
        CollectionAssert.AreEquivalent(Files(In("undisturbed")), Files(output));
    }

    [TestMethod]
    public void Resume_WithoutAFolder_TakesTheNewestRun()
    {
        var work = Directory.CreateDirectory(In("work")).FullName;
        Copy("undisturbed", "work/runs/digits/20261123T141313Z-2");
        Directory.CreateDirectory(Path.Combine(work, "runs/digits/20261123T141314Z"));

        var run = SampleProcess.RunIn(work, "--resume", "--json");

        Assert.AreEqual(sha256, Json(run).GetProperty("weightsSha256").GetString());
        Assert.EndsWith("20261123T141313Z-2/model.zip", Json(run).GetProperty("model").GetString());
    }

    [TestMethod]
    public void Resume_OfALinearModel_TestsItAgain()
    {
        string[] linear = ["--data", data, "--network", "linear", "--output", In("linear"), "--json"];
        var trained = Json(SampleProcess.Run(linear));

        var again = Json(SampleProcess.Run([.. linear, "--resume"]));

        Assert.AreEqual(trained.GetProperty("accuracy").GetRawText(), again.GetProperty("accuracy").GetRawText());
        Assert.AreEqual(JsonValueKind.Null, again.GetProperty("trainSeconds").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, again.GetProperty("weightsSha256").ValueKind);
    }

    [TestMethod]
    [DataRow("--network convnet --seed 1", "began with --network mlp, but --network convnet was asked for: leave it out to go on")]
    [DataRow("--epochs 31 --seed 2", "began with --epochs 30, with --seed 1, but --epochs 31, --seed 2 was asked for")]
    [DataRow("--recipe best", "began with --recipe plain, but --recipe best was asked for")]
    [DataRow("--precision bfloat16", "began without --precision, but --precision bfloat16 was asked for")]
    public void Resume_AsAnotherRun_IsOneSentenceAndChangesNothing(string options, string message)
    {
        foreach (var output in new[] { In("undisturbed"), Unfinished("as-another") })
            AssertOneSentence(SampleProcess.Run(["--resume", "--output", output, .. options.Split(' ')]), message);
    }

    [TestMethod]
    public void Resume_AsAnotherRunThatOnlyTheCheckpointKnows_IsOneSentence()
    {
        var output = Unfinished("without-settings");
        File.Delete(Path.Combine(output, "settings.json"));

        AssertOneSentence(SampleProcess.Run("--data", data, "--network", "mlp", "--seed", "5", "--resume", "--output", output), "seed is 1, but here 5");
    }

    [TestMethod]
    public void Train_IntoAFolderWithCheckpoints_IsOneSentence() =>
        AssertOneSentence(SampleProcess.Run(Mlp(Unfinished("occupied"))), "holds checkpoints of a run that isn't finished: go on with it by --resume, or choose another folder.");

    private static TimeSpan Limit => TimeSpan.FromMinutes(1);

    private static string In(string name) => Path.Combine(folder, name);

    private static string[] Mlp(string output) => ["--data", data, "--network", "mlp", "--epochs", Epochs, "--seed", "1", "--output", In(output), "--json"];

    private static string Unfinished(string name)
    {
        var output = Copy("undisturbed", name);
        File.Delete(Path.Combine(output, "model.zip"));
        return output;
    }

    private static string Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(In(from), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(In(to), Path.GetRelativePath(In(from), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
        return In(to);
    }

    private static string[] Files(string output) => [.. Directory.GetFiles(output).Select(file => Path.GetFileName(file))];

    private static JsonElement Json(SampleProcess.Result run)
    {
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return JsonDocument.Parse(run.LastLine).RootElement;
    }

    private static void AssertUndisturbed(SampleProcess.Result run, Action<long> assertStep, bool isTrained = true)
    {
        var result = Json(run);
        Assert.AreEqual(sha256, result.GetProperty("weightsSha256").GetString());
        Assert.AreEqual(accuracy, result.GetProperty("accuracy").GetRawText());
        Assert.AreEqual(JsonValueKind.Null, result.GetProperty("stopReason").ValueKind);
        if (isTrained)
            assertStep(result.GetProperty("resumedFromStep").GetInt64());
        else
            Assert.AreEqual(JsonValueKind.Null, result.GetProperty("trainSeconds").ValueKind);
    }

    private static void AssertOneSentence(SampleProcess.Result run, string message)
    {
        Assert.AreEqual(1, run.ExitCode, run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'), run.Error);
        Assert.Contains(message, run.Error);
    }
}
