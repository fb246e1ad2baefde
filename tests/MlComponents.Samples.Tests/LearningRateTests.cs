using Digits;
using LearningRate;

namespace MlComponents.Samples.Tests;

[TestClass]
public sealed class LearningRateTests
{
    [TestMethod]
    public void Run_OnDrawnDigits_FindsARateThatLearnsAndDrawsIt()
    {
        var folder = Directory.CreateTempSubdirectory("learning-rate-").FullName;
        try
        {
            var output = new StringWriter();

            Search.Run(new DigitData(DigitArtist.Draw(DigitSplit.Train, 1500, seed: 1), DigitArtist.Draw(DigitSplit.Test, 300, seed: 1)), folder, output);

            var lines = output.ToString().TrimEnd().Split('\n');
            Assert.HasCount(6, lines);
            Assert.MatchesRegex(@"^the loss falls fastest at \d(\.\d)?e-[2345]$", lines[1].TrimEnd());
            var read = lines[3..].Select(line => double.Parse(line.Split(": ")[1].Split('%')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.IsGreaterThan(read[0], read[1]);
            Assert.IsGreaterThan(read[2], read[1]);
            Assert.IsGreaterThan(5000, new FileInfo(Path.Combine(folder, "learning-rate.png")).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
