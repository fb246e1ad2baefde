using System.Text.Json;

namespace MlComponents.MLNet.Tests.Trainers;

/// <summary>Files far larger than the memory that their rows may take, read by a process of its own: the application <c>MlComponents.StreamingProbe</c>, which measures itself.</summary>
[TestClass]
public sealed class StreamedFileTests
{
    private const long Budget = 32 << 20;

    // What ML.NET's readers, libtorch and the runtime have been seen to take beside the rows is below 230 MB.
    private const long Beside = 320 << 20;

    private static readonly string Program = DotnetProcess.ProgramOf("MlComponents.StreamingProbe");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamed-file-");

    [TestCleanup]
    public void DeleteFolder() => folder.Delete(recursive: true);

    [TestMethod]
    [SlowTest]
    [TestCategory("Slow")]
    [OSCondition(OperatingSystems.Linux)]   // elsewhere the peak counts other things
    [DataRow("rows.idv", "500e6", 0)]
    [DataRow("rows.idv", "500e6", 1)]
    [DataRow("rows.csv", "900e6", 1)]
    public async Task Fit_OfAFileAboveTheBudget_StaysWithinItAndSeesEachRowOnceAnEpoch(string name, string bytes, int workers)
    {
        var file = Path.Combine(folder.FullName, name);
        await RunAsync("generate", file, bytes);

        var figures = JsonSerializer.Deserialize<JsonElement>(await RunAsync("train", file, $"{Budget}", "64", $"{workers}", folder.FullName));

        Assert.IsGreaterThan(Budget + Beside + (100 << 20), figures.GetProperty("rowBytes").GetInt64(), "the rows are too few for the test to mean anything");
        Assert.IsLessThan(Budget + Beside, figures.GetProperty("peakBytes").GetInt64() - figures.GetProperty("startBytes").GetInt64());
        Assert.IsTrue(figures.GetProperty("isEachRowOnce").GetBoolean());
        foreach (var correlation in figures.GetProperty("correlations").EnumerateArray())
            Assert.IsLessThan(0.05, Math.Abs(correlation.GetDouble()));
        CollectionAssert.AreEqual(new[] { file }, Directory.GetFiles(folder.FullName));
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var outcome = await DotnetProcess.RunAsync(Program, arguments, ("OMP_NUM_THREADS", "1"));   // threads that wait for each other crawl beside other tests
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        return outcome.Output;
    }
}
