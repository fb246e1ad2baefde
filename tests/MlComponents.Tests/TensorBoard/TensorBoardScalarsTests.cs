using System.Text.Json;

namespace MlComponents.Tests.TensorBoards;

[TestClass]
public sealed class TensorBoardScalarsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Save_OfAFolder_IsJsonOfAllItsRuns()
    {
        Write("", 0, ("time", 1, 2.5));
        Write("train", 0, ("loss", 1, 0.1), ("loss", 2, double.NaN), ("loss", 3, double.PositiveInfinity), ("loss", 4, double.NegativeInfinity));
        Write("validation", 0, ("loss", 2, 1e-30));

        var path = Path.Combine(folder, "scalars.json");
        TensorBoardScalars.Save(folder, path);

        using var json = JsonDocument.Parse(File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { "time", "train/loss", "validation/loss" }, json.RootElement.EnumerateObject().Select(property => property.Name).ToArray());
        CollectionAssert.AreEqual(
            new[] { "[1,0.1]", "[2,\"NaN\"]", "[3,\"Infinity\"]", "[4,\"-Infinity\"]" },
            json.RootElement.GetProperty("train/loss").EnumerateArray().Select(point => $"[{point[1]},{point[2].GetRawText()}]").ToArray());
        Assert.AreEqual(EventFiles.Values(Path.Combine(folder, "validation")).Single().WallTime, json.RootElement.GetProperty("validation/loss")[0][0].GetDouble());
        Assert.HasCount(1, Directory.GetFiles(folder, "*json*"));
    }

    [TestMethod]
    public void Read_OfAResumedRun_HasEachStepOnce()
    {
        Write("", 0, ("loss", 1, 1), ("loss", 2, 2), ("loss", 3, 3), ("late", 3, 3));
        Write("", 3, ("loss", 3, 30), ("loss", 4, 40));

        var scalars = TensorBoardScalars.Read(folder);

        CollectionAssert.AreEqual(new[] { "loss" }, scalars.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { (1L, 1f), (2L, 2f), (3L, 30f), (4L, 40f) }, scalars["loss"].Select(point => (point.Step, point.Value)).ToArray());
    }

    [TestMethod]
    public void Read_OfATornOrDamagedFile_EndsBeforeIt()
    {
        Write("", 0, ("loss", 1, 1), ("loss", 2, 2), ("loss", 3, 3));
        var path = EventFiles.Of(folder).Single();
        var whole = File.ReadAllBytes(path);
        var record = (whole.Length - Beginning(whole)) / 3;

        for (var length = whole.Length; length >= 0; length--)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.AreEqual(Math.Max(0, 3 - (whole.Length - length + record - 1) / record), Count(), $"{length} of {whole.Length} bytes");
        }
        for (var at = whole.Length - 2 * record; at < whole.Length - record; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Assert.AreEqual(1, Count(), $"byte {at}");
        }

        int Count() => TensorBoardScalars.Read(folder).TryGetValue("loss", out var points) ? points.Count : 0;
    }

    [TestMethod]
    public void Read_OfAFolderThatIsNotThere_IsAnError() =>
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => TensorBoardScalars.Read(Path.Combine(folder, "none")));

    /// <summary>Bytes of the two records that every file begins with.</summary>
    private static int Beginning(byte[] file)
    {
        var first = 16 + BitConverter.ToInt32(file);
        return first + 16 + BitConverter.ToInt32(file, first);
    }

    private void Write(string run, long firstStep, params (string Tag, long Step, double Value)[] scalars)
    {
        using var writer = new TensorBoardWriter(Path.Combine(folder, run), firstStep);
        foreach (var (tag, step, value) in scalars)
            writer.Scalar(tag, value, step);
    }
}
