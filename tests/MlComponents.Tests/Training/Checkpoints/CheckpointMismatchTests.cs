using System.Text.Json.Nodes;

namespace MlComponents.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointMismatchTests
{
    [TestMethod]
    public void ThrowIfOtherRun_OfAnotherRun_NamesEveryDifference()
    {
        using var checkpoint = ExampleCheckpoint.Create(100);
        checkpoint.Definition["worldSize"] = 2;
        checkpoint.Definition["seed"] = 7;

        var e = Assert.ThrowsExactly<InvalidDataException>(() => CheckpointMismatch.ThrowIfOtherRun(
            checkpoint, new JsonObject { ["network"] = "mlp", ["batchSize"] = 64, ["seed"] = null, ["rows"] = new JsonArray(1, 2) }));

        Assert.AreEqual(
            "The checkpoint step-00000100 is of another run: batchSize is 32, but here 64; seed is 7, but here null; rows is missing, but here [1,2]; "
            + "worldSize is 2, but here missing; choose another folder or the same options.", e.Message);
    }

    [TestMethod]
    public void ThrowIfOtherRun_OfWhatWasReadFromAFile_ComparesValues()
    {
        using var checkpoint = ExampleCheckpoint.Create(100);
        var own = new JsonObject { ["double"] = 0.1, ["long"] = 5L, ["int"] = 5, ["text"] = "é", ["list"] = new JsonArray(1.5f, true, null) };
        foreach (var (name, value) in JsonNode.Parse(own.ToJsonString())!.AsObject().ToList())
            checkpoint.Definition[name] = value?.DeepClone();
        own["network"] = "mlp";
        own["batchSize"] = 32L;

        CheckpointMismatch.ThrowIfOtherRun(checkpoint, own);
    }

    [TestMethod]
    public void ThrowIfOtherRun_OfALongValue_CutsIt()
    {
        using var checkpoint = ExampleCheckpoint.Create(1);
        checkpoint.Definition["network"] = new string('x', 10_000);

        var e = Assert.ThrowsExactly<InvalidDataException>(() => CheckpointMismatch.ThrowIfOtherRun(checkpoint, new JsonObject { ["network"] = "mlp", ["batchSize"] = 32 }));

        Assert.IsLessThan(400, e.Message.Length);
    }

    [TestMethod]
    public void EnvironmentWarning_OfAnotherEnvironment_SaysWhatDiffers()
    {
        using var checkpoint = ExampleCheckpoint.Create(100);

        Assert.IsNull(CheckpointMismatch.EnvironmentWarning(checkpoint, new JsonObject { ["threads"] = 2 }));
        Assert.AreEqual(
            "The checkpoint step-00000100 was written elsewhere: threads is 2, but here 4; the run goes on, but its bits may differ from one that never stopped.",
            CheckpointMismatch.EnvironmentWarning(checkpoint, new JsonObject { ["threads"] = 4 }));
    }
}
