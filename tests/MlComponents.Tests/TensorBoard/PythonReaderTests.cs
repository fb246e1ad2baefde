using System.Text.Json;

namespace MlComponents.Tests.TensorBoards;

/// <summary>Our files, read by Google's protobuf library.</summary>
[TestClass]
[RequiresPythonProtobuf]
public sealed class PythonReaderTests
{
    [TestMethod]
    public async Task AFile_IsReadByGooglesLibrary()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Write(folder.FullName);

            var outcome = await PythonProcess.RunByAsync(PythonProcess.WithProtobuf!, Path.Combine(Repository.Root, "tests", "fixtures", "read_events.py"), folder.FullName);

            Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
            using var json = JsonDocument.Parse(outcome.Output);
            var values = json.RootElement.GetProperty("values").EnumerateArray().ToDictionary(value => value.GetProperty("tag").GetString()!);
            Assert.AreEqual((0.25, 7), (values["loss"].GetProperty("scalar").GetDouble(), values["loss"].GetProperty("step").GetInt32()));
            Assert.AreEqual(0.0, values["zero"].GetProperty("scalar").GetDouble());
            CollectionAssert.AreEqual(new double[] { 1, 4, 3, 7, 21, 3, 64 }, Numbers(values["histogram"], "histogram"));
            CollectionAssert.AreEqual(new double[] { 2, 3 }, Numbers(values["image"], "image")[..2]);
            Assert.AreEqual("hello", values["text"].GetProperty("texts")[0].GetString());
            CollectionAssert.AreEqual(new double[] { 1, 1, 1, 0, 0, 1, 0, 0, 0.5, 1, 1, 1 }, Numbers(values["curve"], "floats"));
            CollectionAssert.AreEqual(new double[] { 6, 2 }, Numbers(values["curve"], "shape"));
            Assert.AreEqual(("text", "pr_curves", "hparams"), (Plugin("text"), Plugin("curve"), Plugin("_hparams_/session_start_info")));
            Assert.AreEqual(
                """[["input","Placeholder",[]],["0","Linear",["input"]],["output","Sequential",["0"]]]""", JsonSerializer.Serialize(json.RootElement.GetProperty("nodes")));

            string? Plugin(string tag) => values[tag].GetProperty("plugin").GetString();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(string folder)
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(nn.Linear(3, 2));
        using var writer = new TensorBoardWriter(folder);
        writer.Scalar("loss", 0.25, step: 7);
        writer.Scalar("zero", 0, step: 7);
        writer.Histogram("histogram", tensor([1.0, 2.0, 4.0]), step: 7);
        writer.Image("image", zeros(3, 2, 3), step: 7);
        writer.Text("text", "hello", step: 7);
        writer.PrecisionRecallCurve("curve", tensor([true, false]), tensor([1.0, 0.5]), step: 7, thresholds: 2);
        writer.HyperParameters(new Dictionary<string, object?> { ["rate"] = 1 }, ["loss"]);
        writer.Graph(network, zeros(1, 3));
    }

    private static double[] Numbers(JsonElement value, string name) => [.. value.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
