using Microsoft.ML.Runtime;

namespace MlComponents.MLNet.Tests.Streaming;

[TestClass]
public sealed class ViewStreamTests : StreamingTest
{
    [TestMethod]
    [DataRow("cache")]
    [DataRow("idv")]
    public void Read_OfAViewThatDrawsItsOrder_GivesAnotherInEachEpochAndTheSameInTheSame(string kind)
    {
        using var channel = ((IHostEnvironment)Ml).Start("Test");
        var stream = Stream(View(kind), channel, seed: 3);

        var (first, again, second) = (Order(stream, epoch: 1), Order(stream, epoch: 1), Order(stream, epoch: 2));

        CollectionAssert.AreEqual(first, again);
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreNotEqual(All, first);
        CollectionAssert.AreEqual(All, second.Order().ToArray());
    }

    [TestMethod]
    public void Read_WithoutASeed_GivesTheViewsOwnOrder()
    {
        using var channel = ((IHostEnvironment)Ml).Start("Test");

        CollectionAssert.AreEqual(All, Order(Stream(View("idv"), channel, seed: null), epoch: 2));
    }

    [TestMethod]
    public void Read_LeftInTheMiddle_LeavesNothing()
    {
        using var channel = ((IHostEnvironment)Ml).Start("Test");
        var view = new WatchedView(View());
        var stream = Stream(view, channel, seed: null);

        LeavesNothing(networks: 0, () =>
        {
            using var chunks = stream.Read(1).GetEnumerator();
            Assert.IsTrue(chunks.MoveNext());
            chunks.Current.Dispose();
        });

        Assert.IsInRange(1, Count - 1, view.Passes.Single());
        Assert.AreEqual(0, view.Open);
    }

    private static ViewStream Stream(IDataView view, IChannel channel, int? seed) =>
        new(new(view, TrainingColumns.Of(view.Schema, RegressionTask.Instance, Options), Options, "training", channel), Count, takes: null, seed);

    private static int[] Order(ViewStream stream, int epoch)
    {
        var order = new List<int>();
        foreach (var chunk in stream.Read(epoch))
            using (chunk)
                order.AddRange(NumbersOf(chunk));
        return [.. order];
    }
}
