namespace MlComponents.Tests.Training;

[TestClass]
public sealed class ValidationBatchTests
{
    [TestMethod]
    public void OnValidationBatch_OfAPass_SeesEveryRowOnceWithItsOutputs()
    {
        using var data = Blobs.Create(rows: 120, seed: 1);
        using var objective = Objective.Multiclass(Blobs.Classes);
        List<(int Epoch, long Number, long Count, long Rows, long Outputs)> seen = [];
        var options = Blobs.Options with
        {
            Epochs = 2, ValidationBatchSize = 50, SanityValidationBatches = 1, Average = new ExponentialMovingAverage(),
            Callbacks = [new LambdaCallback { OnValidationBatch = e => seen.Add((e.Epoch, e.Number, e.Count, e.Batch.Count, e.Output.shape[0])) }],
        };

        using var result = new Trainer(options).Fit(Blobs.Network, objective, data, data);

        var batches = (data.Count + 49) / 50;
        CollectionAssert.AreEqual(
            Enumerable.Range(1, 2).SelectMany(epoch => Enumerable.Range(1, (int)batches).Select(number => (epoch, (long)number, batches))).ToArray(),
            seen.Select(batch => (batch.Epoch, batch.Number, batch.Count)).ToArray());
        Assert.AreEqual(2 * data.Count, seen.Sum(batch => batch.Rows));
        Assert.IsTrue(seen.TrueForAll(batch => batch.Rows == batch.Outputs));
    }
}
