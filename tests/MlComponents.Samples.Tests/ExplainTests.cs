using System.Globalization;
using Digits;
using Explain;

namespace MlComponents.Samples.Tests;

[TestClass]
public sealed class ExplainTests
{
    [TestMethod]
    public void Run_OnDrawnDigits_LooksAtTheDigitsAndDrawsThat()
    {
        var folder = Directory.CreateTempSubdirectory("explain-").FullName;
        try
        {
            var output = new StringWriter();

            Explanation.Run(new DigitData(DigitArtist.Draw(DigitSplit.Train, 1500, seed: 1), DigitArtist.Draw(DigitSplit.Test, 300, seed: 1)), trainingDigits: 1500, folder, output);

            var lines = output.ToString().TrimEnd().Split('\n');
            var shares = lines[1].Split(' ').Where(word => word.Contains('%', StringComparison.Ordinal)).Select(word => double.Parse(word.TrimEnd('%'), CultureInfo.InvariantCulture)).ToList();
            Assert.IsGreaterThan(2 * shares[1], shares[0], lines[1]);
            foreach (var picture in new[] { "gradcam.png", "features.png", "precision-recall.png" })
                Assert.IsGreaterThan(5000, new FileInfo(Path.Combine(folder, picture)).Length, picture);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
