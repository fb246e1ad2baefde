namespace MlComponents.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointScheduleTests
{
    private static readonly Checkpointing Never = new() { Folder = "unused", EveryEpoch = false };

    [TestMethod]
    public void IsDue_EverySteps_IsAfterEachOfThem() => CollectionAssert.AreEqual(
        new[] { 3L, 6, 9 }, Enumerable.Range(0, 11).Select(step => (long)step).Where(step => IsDue(Never with { EverySteps = 3 }, step)).ToArray());

    [TestMethod]
    public void IsDue_EveryEpoch_IsAtItsEnd()
    {
        Assert.IsTrue(IsDue(Never with { EveryEpoch = true }, 5, endsEpoch: true));
        Assert.IsFalse(IsDue(Never with { EveryEpoch = true }, 5));
        Assert.IsFalse(IsDue(Never, 5, endsEpoch: true, minutes: 1e6));
    }

    [TestMethod]
    [DataRow(0.5, 0.49, false)]
    [DataRow(0.5, 0.5, true)]
    [DataRow(1e300, 1e6, false)]
    public void IsDue_EveryMinutes_IsAfterThatTime(double every, double since, bool expected) =>
        Assert.AreEqual(expected, IsDue(Never with { EveryMinutes = every }, 1, minutes: since));

    [TestMethod]
    public void IsDue_WithEverything_IsWheneverOneOfThemIs()
    {
        var options = Never with { EveryEpoch = true, EverySteps = 10, EveryMinutes = 1 };

        Assert.IsTrue(IsDue(options, 10));
        Assert.IsTrue(IsDue(options, 11, endsEpoch: true));
        Assert.IsTrue(IsDue(options, 12, minutes: 2));
        Assert.IsFalse(IsDue(options, 13, minutes: 0.9));
    }

    [TestMethod]
    public void IsDue_ByTheClock_CountsFromTheLastOne()
    {
        var clock = new Clock();
        var schedule = new CheckpointSchedule(Never with { EveryMinutes = 2 }, clock);

        clock.Minutes = 1.9;
        Assert.IsFalse(schedule.IsDue(1, endsEpoch: false));
        clock.Minutes = 2.5;
        Assert.IsTrue(schedule.IsDue(2, endsEpoch: false));
        schedule.Taken();
        Assert.IsFalse(schedule.IsDue(3, endsEpoch: false));
        clock.Minutes = 4.5;
        Assert.IsTrue(schedule.IsDue(4, endsEpoch: false));
    }

    private static bool IsDue(Checkpointing options, long step, bool endsEpoch = false, double minutes = 0) =>
        CheckpointSchedule.IsDue(options, step, endsEpoch, TimeSpan.FromMinutes(minutes));

    private sealed class Clock : TimeProvider
    {
        public double Minutes { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => TimeSpan.FromMinutes(Minutes).Ticks;
    }
}
