namespace MlComponents.Tests.TensorBoards;

[TestClass]
public sealed class ValidationCurvesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Write_OfPixels_IsCountedInPieces()
    {
        using var scope = NewDisposeScope();
        using var objective = Objective.Segmentation(4);
        var (output, label) = (randn(5, 300, 300, 4, generator: new Generator(1)).permute(0, 3, 1, 2), randint(0, 4, [5, 300, 300], generator: new Generator(2)));
        using var batch = new TensorDataset(zeros(5, 1), label).Gather([0, 1, 2, 3, 4]);
        var curves = ValidationCurves.Of(objective)!;

        curves.Add(batch, output);

        using (var writer = new TensorBoardWriter(folder))
            curves.Write(writer, step: 1);
        curves.Dispose();
        var curve = EventFiles.Values(folder).Where(value => value.Plugin == "pr_curves").Select(value => value.Tensor.Floats(5)).ToList();
        for (var c = 0; c < 4; c++)
        {
            var yes = output.softmax(1).select(1, c).ge(0.5);
            Assert.AreEqual(yes.logical_and(label.eq(c)).sum().item<long>(), curve[c][100], 1f);   // a probability at 0.5 by rounding
            Assert.AreEqual(label.eq(c).sum().item<long>(), curve[c][0]);
        }
    }

    [TestMethod]
    public void Write_OfRowsWithWeights_CountsThem()
    {
        using var scope = NewDisposeScope();
        using var objective = Objective.Binary();
        using var batch = new TensorDataset(zeros(4, 1), tensor(new[] { 1f, 0, 1, 0 }), tensor(new[] { 2f, 3, 0.5f, 0 })).Gather([0, 1, 2, 3]);
        using var curves = ValidationCurves.Of(objective)!;

        curves.Add(batch, tensor(new[] { 2f, 1, -1, -2 }));

        using var writer = new TensorBoardWriter(folder);
        curves.Write(writer, step: 1);
        writer.Flush();
        var rows = EventFiles.Values(folder).Single(value => value.Plugin == "pr_curves").Tensor.Floats(5).Chunk(201).ToList();   // true and false positives first
        CollectionAssert.AreEqual(new[] { 2.5f, 3, 2, 3, 2, 0 }, new[] { 0, 100, 160 }.SelectMany(at => new[] { rows[0][at], rows[1][at] }).ToArray());   // from 0, 0.5 and 0.8 on
    }

    [TestMethod]
    public void Write_OfAnOutputThatIsAView_IsCounted()
    {
        using var scope = NewDisposeScope();
        using var objective = Objective.Binary();
        using var batch = new TensorDataset(zeros(2, 1), ones(2, 3, 4)).Gather([0, 1]);
        using var curves = ValidationCurves.Of(objective)!;

        curves.Add(batch, ones(2, 4, 3).transpose(1, 2));

        using var writer = new TensorBoardWriter(folder);
        curves.Write(writer, step: 1);
        writer.Flush();
        Assert.AreEqual(24f, EventFiles.Values(folder).Single(value => value.Plugin == "pr_curves").Tensor.Floats(5)[0]);
    }
}
