namespace MlComponents.Tests.Native;

[TestClass]
public sealed class OperationThreadsTests
{
    private readonly int before = get_num_threads();

    [TestInitialize]
    public void UseThree() => set_num_threads(3);

    [TestCleanup]
    public void Restore() => set_num_threads(before);

    [TestMethod]
    public void UseOne_OnAThread_LeavesTheOthersAndThoseToCome()
    {
        var (alone, others) = (0, 0);

        OnAThread(() =>
        {
            OperationThreads.UseOne();
            using (NewDisposeScope())
                rand(64, 64).mm(rand(64, 64)).exp();   // what libtorch sets up on first use comes before it
            alone = get_num_threads();
        });
        OnAThread(() => others = get_num_threads());

        Assert.AreEqual(1, alone);
        Assert.AreEqual(3, others);
        Assert.AreEqual(3, get_num_threads());
    }

    [TestMethod]
    public void Epoch_WithWorkers_ReadsWithOneThreadEachAndLeavesTheCallersNumber()
    {
        List<int> numbers = [];
        var data = new Data.Loading.NumberedRows(20, _ =>
        {
            lock (numbers)
                numbers.Add(get_num_threads());
        });
        using var loader = new DataLoader(data, new SequentialSampler(20), 2, CPU) { Prefetching = new() { Workers = 2 } };

        foreach (var batch in loader.Epoch(1))
            Assert.AreEqual(3, get_num_threads());

        Assert.HasCount(10, numbers);
        Assert.IsTrue(numbers.TrueForAll(number => number == 1));
        Assert.AreEqual(3, get_num_threads());
    }

    private static void OnAThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }
}
