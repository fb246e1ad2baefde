using Digits;

namespace MlComponents.Samples.Tests;

[TestClass]
public sealed class DigitDataTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Load_OfAFolder_GivesItsDigits()
    {
        IdxFolder.Write(folder, train: 20, test: 10);

        var data = DigitData.Load(folder, seed: 0);

        var drawn = DigitArtist.Draw(DigitSplit.Test, 10, seed: 3);
        Assert.AreEqual(20, data.Train.Count);
        CollectionAssert.AreEqual(drawn.Labels, data.Test.Labels);
        Assert.IsLessThan(0.51f / 255, drawn.Pixels.Zip(data.Test.Pixels, (a, b) => Math.Abs(a - b)).Max());
    }

    [TestMethod]
    public void Load_OfNoFolder_Draws()
    {
        var data = DigitData.Load(null, seed: 5);

        CollectionAssert.AreEqual(DigitArtist.Draw(DigitSplit.Test, DigitData.DrawnTestCount, seed: 5).Pixels, data.Test.Pixels);
        Assert.AreEqual(DigitData.DrawnTrainCount, data.Train.Count);
    }

    [TestMethod]
    public void Load_OfAMissingFolder_SaysSo()
    {
        var error = Assert.ThrowsExactly<DirectoryNotFoundException>(() => DigitData.Load(Path.Combine(folder, "none"), seed: 0));

        Assert.Contains(Path.Combine(folder, "none"), error.Message);
    }

    [TestMethod]
    public void Load_OfAFile_SaysThatAFolderIsNeeded()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");

        var error = Assert.ThrowsExactly<IOException>(() => DigitData.Load(file, seed: 0));

        Assert.Contains("is a file, but a folder", error.Message);
    }

    [TestMethod]
    public void Load_OfAFolderWithoutAFile_NamesIt()
    {
        IdxFolder.Write(folder, train: 20, test: 10);
        File.Delete(Path.Combine(folder, "t10k-labels-idx1-ubyte"));

        var error = Assert.ThrowsExactly<FileNotFoundException>(() => DigitData.Load(folder, seed: 0));

        Assert.Contains("t10k-labels-idx1-ubyte", error.Message);
    }

    [TestMethod]
    [DataRow("train-images-idx3-ubyte", new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 9, 9 }, "images of 1 by 2 pixels; needed are 28 by 28")]
    [DataRow("train-labels-idx1-ubyte", new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7 }, "20 images, but")]
    [DataRow("t10k-labels-idx1-ubyte", new byte[] { 0, 0, 8, 1, 0, 0, 0, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10 }, "the label 10 in row 9; allowed are 0 to 9")]
    public void Load_OfFilesThatDoNotFit_SaysWhatIsWrong(string name, byte[] content, string message)
    {
        IdxFolder.Write(folder, train: 20, test: 10);
        File.Delete(Path.Combine(folder, $"{name}.gz"));
        File.WriteAllBytes(Path.Combine(folder, name), content);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => DigitData.Load(folder, seed: 0));

        Assert.Contains(name, error.Message);
        Assert.Contains(message, error.Message);
    }
}
