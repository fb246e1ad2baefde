using System.Globalization;

namespace MlComponents.Samples.Tests;

[TestClass]
public sealed class WeightAveragingTests
{
    [TestMethod]
    public void Run_OfTwoEpochs_ShowsBothAveragesBesideTheSameWeights()
    {
        var run = SampleProcess.RunOf("WeightAveraging", "2");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var rows = run.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words is [var epoch, ..] && int.TryParse(epoch, out _)).ToList();
        Assert.HasCount(4, rows);   // two epochs with each average
        CollectionAssert.AreEqual(new[] { rows[0][1], rows[0][3] }, new[] { rows[2][1], rows[2][3] });
        CollectionAssert.AreEqual(new[] { rows[1][1], rows[1][3] }, new[] { rows[3][1], rows[3][3] });
        Assert.IsLessThan(Number(rows[1][1]), Number(rows[1][2]), "the EMA's loss");
        Assert.AreNotEqual(rows[3][1], rows[3][2], "SWA's loss");
    }

    [TestMethod]
    [DataRow("none")]
    [DataRow("0")]
    [DataRow("1", "2")]
    public void Run_WithOtherArguments_SaysHowItIsUsed(params string[] args)
    {
        var run = SampleProcess.RunOf("WeightAveraging", args);

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("Usage: WeightAveraging [epochs]", run.Error);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
