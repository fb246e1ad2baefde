using System.Globalization;

namespace MlComponents.Tests.Training;

[TestClass]
public sealed class HistoryCsvTests
{
    private static readonly History Two = new(
    [
        new() { Epoch = 1, Step = 10, Seconds = 0.5, LearningRate = 1e-3, GradientNorm = 1.25, Metrics = new Dictionary<string, double> { ["train/loss"] = 0.1, ["a \"b\", c"] = double.NaN } },
        new() { Epoch = 2, Step = 20, Seconds = 1.5, LearningRate = 1e-7, Metrics = new Dictionary<string, double> { ["validation/loss"] = double.NegativeInfinity, ["train/loss"] = 1.0 / 3 } },
    ]);

    private const string TwoAsCsv =
        "epoch,step,seconds,learningRate,gradientNorm,train/loss,\"a \"\"b\"\", c\",validation/loss\r\n"
        + "1,10,0.5,0.001,1.25,0.1,NaN,\r\n"
        + "2,20,1.5,1E-07,,0.3333333333333333,,-Infinity\r\n";

    [TestMethod]
    public void WriteCsv_OfRows_HasAColumnForEachMetric()
    {
        using var text = new StringWriter();

        Two.WriteCsv(text);

        Assert.AreEqual(TwoAsCsv, text.ToString());
    }

    [TestMethod]
    public void WriteCsv_UnderACultureOfCommas_HasPoints()
    {
        var before = CultureInfo.CurrentCulture;
        using var text = new StringWriter();
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NaNSymbol = "?" } };
            Two.WriteCsv(text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.AreEqual(TwoAsCsv, text.ToString());
    }

    [TestMethod]
    public void WriteCsv_OfNoRows_IsTheHeading()
    {
        using var text = new StringWriter();

        new History().WriteCsv(text);

        Assert.AreEqual("epoch,step,seconds,learningRate,gradientNorm\r\n", text.ToString());
    }

    [TestMethod]
    public void SaveCsv_OverAnOlderFile_ReplacesItAndLeavesNothingElse()
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "deep", "history.csv");
        try
        {
            new History().SaveCsv(path);
            Two.SaveCsv(path);

            Assert.AreEqual(TwoAsCsv, File.ReadAllText(path));
            Assert.AreEqual((byte)'e', File.ReadAllBytes(path)[0]);   // no byte order mark
            Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
