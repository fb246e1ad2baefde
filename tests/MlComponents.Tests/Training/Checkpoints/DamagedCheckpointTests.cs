using System.Text;
using System.Text.Json.Nodes;

namespace MlComponents.Tests.Training.Checkpoints;

[TestClass]
public sealed class DamagedCheckpointTests
{
    private static readonly string[] Files = ["weights.safetensors", "optimizer.safetensors", "run.safetensors", "state.json"];

    private readonly List<string> warnings = [];
    private string root = null!;
    private CheckpointFolder folder = null!;

    [TestInitialize]
    public void WriteTwo()
    {
        root = Directory.CreateTempSubdirectory().FullName;
        folder = new CheckpointFolder(root);
        foreach (var step in new[] { 10L, 20 })
        {
            using var checkpoint = ExampleCheckpoint.Create(step, 0.5);
            folder.Write(checkpoint);
        }
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(root, recursive: true);

    [TestMethod]
    public void ReadLatest_OfSoundCheckpoints_WarnsOfNothing()
    {
        using var read = folder.ReadLatest(warnings.Add);

        ExampleCheckpoint.AssertWhole(read!, 20);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void ReadLatest_WithAFlippedBitAnywhere_TakesTheOneBefore()
    {
        foreach (var file in Files)
        {
            var whole = File.ReadAllBytes(In(file));
            for (var at = 0; at < whole.Length; at += whole.Length < 400 ? 1 : 7)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= (byte)(1 << at % 8);
                File.WriteAllBytes(In(file), changed);
                AssertFallsBack(file, "isn't what was saved (its SHA-256 differs)", $"byte {at} of {file}");
            }
            File.WriteAllBytes(In(file), whole);
        }
    }

    [TestMethod]
    public void ReadLatest_OfAFileOfAnotherLength_TakesTheOneBefore()
    {
        foreach (var file in Files)
        {
            var whole = File.ReadAllBytes(In(file));
            foreach (var length in new[] { 0, 1, 7, 8, 9, whole.Length / 2, whole.Length - 1 })
            {
                File.WriteAllBytes(In(file), whole[..length]);
                AssertFallsBack(file, file == "state.json" ? "isn't what was saved" : $"has {length} bytes, but {whole.Length} were saved", $"{length} bytes of {file}");
            }
            File.WriteAllBytes(In(file), [.. whole, 0]);
            AssertFallsBack(file, file == "state.json" ? "isn't what was saved" : $"has {whole.Length + 1} bytes", $"{file} with one more byte");
            File.WriteAllBytes(In(file), whole);
        }
    }

    [TestMethod]
    public void ReadLatest_WithoutAFile_TakesTheOneBefore()
    {
        foreach (var file in Files)
        {
            var whole = File.ReadAllBytes(In(file));
            File.Delete(In(file));
            AssertFallsBack(file, "isn't there", file);
            File.WriteAllBytes(In(file), whole);
        }
    }

    [TestMethod]
    public void ReadLatest_WithTheFilesOfAnother_TakesTheOneBefore()
    {
        File.Copy(Path.Combine(root, "step-00000010", "state.json"), In("state.json"), overwrite: true);
        AssertFallsBack("state.json", "is of step 10, epoch 2, batch 5, which doesn't fit its folder", "another's state");

        foreach (var file in Files)
            File.Copy(Path.Combine(root, "step-00000010", file), In(file), overwrite: true);
        AssertFallsBack("state.json", "is of step 10", "a renamed folder");
    }

    [TestMethod]
    public void ReadLatest_WhereAllAreDamaged_IsNoneAndWarnsOfEach()
    {
        File.Delete(In("state.json"));
        File.WriteAllText(Path.Combine(root, "step-00000010", "run.safetensors"), "");

        Assert.IsNull(folder.ReadLatest(warnings.Add));
        Assert.HasCount(2, warnings);
    }

    [TestMethod]
    [DataRow("""{"format":1}""", "isn't what this version of MlComponents writes")]
    [DataRow("""{"step":20}""", "isn't what this version of MlComponents writes")]
    [DataRow("""{"format":"one"}""", "isn't what this version of MlComponents writes")]
    [DataRow("[1]", "isn't what was saved")]
    [DataRow("", "isn't what was saved")]
    public void ReadLatest_OfAnotherRecord_TakesTheOneBefore(string json, string expected)
    {
        File.WriteAllBytes(In("state.json"), json is ['{', ..] ? SealedJson.Write(JsonNode.Parse(json)) : Encoding.UTF8.GetBytes(json));

        AssertFallsBack("state.json", expected, json);
    }

    [TestMethod]
    [DataRow("step", """ "twenty" """)]
    [DataRow("step", "20.5")]
    [DataRow("epoch", "99999999999")]
    [DataRow("epoch", "0")]
    [DataRow("batch", "-1")]
    [DataRow("definition", "null")]
    [DataRow("definition", "[]")]
    [DataRow("metrics", """{ "validation/loss": "small" }""")]
    [DataRow("weights", "null")]
    [DataRow("weights", """{ "length": 1, "sha256": null, "state": { "values": {}, "sections": {} } }""")]
    [DataRow("weights", """{ "length": -1, "sha256": "../../../etc/passwd", "state": { "values": {}, "sections": {} } }""")]
    [DataRow("run", """{ "length": 1, "sha256": "", "state": { "values": null, "sections": {} } }""")]
    public void ReadLatest_OfHostileValues_TakesTheOneBefore(string property, string value) => AssertFallsBackAfter(state => state[property] = JsonNode.Parse(value));

    [TestMethod]
    [DataRow("""{ "": { "values": {}, "sections": {} } }""")]
    [DataRow("""{ "average": null }""")]
    [DataRow("""{ "average": { "values": {} } }""")]
    [DataRow("""{ "../../average": { "values": {}, "sections": {} } }""")]
    public void ReadLatest_OfHostileSections_TakesTheOneBefore(string sections) => AssertFallsBackAfter(state => state["run"]!["state"]!["sections"] = JsonNode.Parse(sections));

    [TestMethod]
    public void ReadLatest_OfDeepOrHugeJson_TakesTheOneBefore()
    {
        File.WriteAllBytes(In("state.json"), Sealed($$"""{"format":1,"x":{{new string('[', 100_000)}}{{new string(']', 100_000)}}"""));
        AssertFallsBack("state.json", "isn't what this version of MlComponents writes", "deep");

        using (var file = File.OpenWrite(In("state.json")))
            file.SetLength(1L << 40);   // a hole: it takes no room
        AssertFallsBack("state.json", "has 1099511627776 bytes, but at most 67108864 are allowed", "huge");
    }

    [TestMethod]
    public void ReadLatest_OfANewerFormat_SaysSoAndTakesNoOther()
    {
        File.WriteAllBytes(In("state.json"), SealedJson.Write(new JsonObject { ["format"] = 2, ["somethingElse"] = true }));

        var e = Assert.ThrowsExactly<InvalidDataException>(() => folder.ReadLatest(warnings.Add));

        StringAssert.EndsWith(e.Message, "state.json is of format version 2, but this version of MlComponents reads versions up to 1: update MlComponents.", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, "step-00000020", StringComparison.Ordinal);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void Read_OfAStepThatIsNotThere_SaysSo()
    {
        var e = Assert.ThrowsExactly<InvalidDataException>(() => folder.Read(30));

        StringAssert.EndsWith(e.Message, "isn't there.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfADamagedOne_LeavesNoTensors()
    {
        AssertFallsBackAfter(state => state["run"]!["state"]!["sections"] = new JsonObject());
        var before = TensorAssert.LiveCount();

        Assert.ThrowsExactly<InvalidDataException>(() => folder.Read(20));

        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    private string In(string file) => Path.Combine(root, "step-00000020", file);

    /// <summary>Changes the record and seals it again, as somebody could who means harm.</summary>
    private void AssertFallsBackAfter(Action<JsonObject> change)
    {
        var state = JsonNode.Parse(File.ReadAllBytes(In("state.json")))!.AsObject();
        state.Remove("sha256");
        change(state);
        File.WriteAllBytes(In("state.json"), SealedJson.Write(state));
        AssertFallsBack("", "", "");
    }

    private void AssertFallsBack(string file, string reason, string what)
    {
        warnings.Clear();
        using var read = folder.ReadLatest(warnings.Add);

        ExampleCheckpoint.AssertWhole(read!, 10);
        var warning = warnings.Single();
        StringAssert.StartsWith(warning, "The checkpoint step-00000020 is left out: ", StringComparison.Ordinal, what);
        StringAssert.Contains(warning, file, StringComparison.Ordinal, what);
        StringAssert.Contains(warning, reason, StringComparison.Ordinal, what);
    }

    private static byte[] Sealed(string openJson) =>
        Encoding.UTF8.GetBytes($$"""{{openJson}},"sha256":"{{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(openJson)))}}"}""");
}
