using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlComponents.Hosting.Tests;

[TestClass]
public sealed class TrainingServiceSampleTests
{
    [TestMethod]
    [DataRow("--once", "--Job:Data=digits", "--Job:Network=mlp", "--Job:Epochs=2")]
    [DataRow("--Job:Data", "digits", "--once", "--Job:Network", "mlp", "--Job:Epochs=2")]
    [DataRow("--Job:Once=true", "--Job:Network=mlp", "--Job:Epochs=2", "--Job:Data=digits")]
    public async Task Once_OnTinyFiles_PublishesAModelAndEnds(params string[] arguments)
    {
        using var service = new ServiceProcess(rows: 300, arguments);

        var exitCode = await service.EndsAsync();

        Assert.AreEqual(0, exitCode, service.Text);
        StringAssert.Contains(service.Text, "digits: epoch 2 of 2 after ");
        StringAssert.Contains(service.Text, "digits: evaluation: accuracy 1, macro accuracy 1, log loss ");
        Assert.HasCount(2, History.Load(Path.Combine(Path.GetDirectoryName(service.Models.Single())!, "history.jsonl")));
        Assert.IsTrue(File.Exists(Path.Combine(Path.GetDirectoryName(service.Models.Single())!, "report.html")));
        Assert.IsTrue(Directory.Exists(Path.Combine(Path.GetDirectoryName(service.Models.Single())!, "tensorboard")));
        AssertScores(service.Models.Single());
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow(ServiceProcess.Interrupt)]
    [DataRow(ServiceProcess.Terminate)]
    public async Task Signal_InTheMiddle_EndsWithTheModelSoFarWithinFiveSeconds(int signal)
    {
        using var service = new ServiceProcess(rows: 300, "--Job:Data=digits", "--Job:Network=mlp", "--Job:Epochs=10000");
        await service.SeesAsync("digits: epoch 1 of 10000 ");

        service.Send(signal);
        var exitCode = await service.EndsAsync(TimeSpan.FromSeconds(5));

        Assert.AreEqual(0, exitCode, service.Text);
        StringAssert.Contains(service.Text, "digits: the host is stopping, so the model is not evaluated.");
        StringAssert.StartsWith(History.Load(Path.Combine(Path.GetDirectoryName(service.Models.Single())!, "history.jsonl")).StopReason, "Cancelled after ");
        AssertScores(service.Models.Single());
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task WithoutOnce_AfterTheJob_StaysUpUntilControlC()
    {
        using var service = new ServiceProcess(rows: 300, "--Job:Data=digits", "--Job:Network=mlp", "--Job:Epochs=1");
        await service.SeesAsync("digits: evaluation: ");

        service.Send(ServiceProcess.Interrupt);
        var exitCode = await service.EndsAsync();

        Assert.AreEqual(0, exitCode, service.Text);
        Assert.HasCount(1, service.Models);
        Assert.AreEqual(1, service.Text.Split("digits: starts").Length - 1);
    }

    [TestMethod]
    public async Task Data_ThatIsNotThere_IsOneSentenceAndExitCode1()
    {
        using var service = new ServiceProcess(rows: 10, "--Job:Data=nowhere");

        var exitCode = await service.EndsAsync();

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(service.Text, "digits: failed: There is no folder nowhere, or it may not be read.");
        Assert.DoesNotContain("   at ", service.Text);
        Assert.IsEmpty(service.Models);
    }

    [TestMethod]
    public async Task Data_WhoseTestHasADigitThatTheTrainingLacks_IsOneSentenceAndExitCode1()
    {
        using var service = new ServiceProcess(rows: 9, "--Job:Data=digits", "--Job:Network=mlp");

        var exitCode = await service.EndsAsync();

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(service.Text, "digits: failed: 10 of 100 test digits are 9, which no training digit was");
        Assert.DoesNotContain("   at ", service.Text);
        Assert.IsEmpty(service.Models);
    }

    [TestMethod]
    [DataRow("--Job:Network=linear", "Job:Network must be mlp or convnet.")]
    [DataRow("--Job:Epochs=0", "Job:Epochs must be 1 to 10000.")]
    [DataRow("--Job:Epochs=many", "Failed to convert configuration value 'many' at 'Job:Epochs'")]
    [DataRow("--Telemetry:Otlp:Endpoint=collector", "Telemetry:Otlp:Endpoint is 'collector'; allowed is an address such as http://localhost:4317.")]
    public async Task Option_ThatIsNotAllowed_IsOneSentenceAndExitCode1(string argument, string sentence)
    {
        using var service = new ServiceProcess(rows: 10, "--once", argument);

        var exitCode = await service.EndsAsync();

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(service.Text, sentence);
        Assert.DoesNotContain("   at ", service.Text);
    }

    private sealed class Picture
    {
        [VectorType(784)]
        public float[] Features { get; init; } = new float[784];

        public int Label { get; init; }
    }

    private static void AssertScores(string path)
    {
        var ml = new MLContext();
        var model = ml.Model.Load(path, out _);
        using var owned = model as IDisposable;

        var scored = model.Transform(ml.Data.LoadFromEnumerable(new[] { new Picture(), new Picture() }));

        var scores = scored.GetColumn<float[]>("Score").ToArray();
        Assert.HasCount(2, scores);
        Assert.IsTrue(scores.All(row => Math.Abs(row.Sum() - 1) < 1e-4));
        Assert.IsTrue(scored.GetColumn<int>("PredictedLabel").All(digit => digit is >= 0 and <= 9));
    }
}
