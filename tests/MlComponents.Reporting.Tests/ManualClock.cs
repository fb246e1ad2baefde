namespace MlComponents.Reporting.Tests;

/// <summary>A clock that moves by a fixed time at every look.</summary>
internal sealed class ManualClock(TimeSpan perLook) : TimeProvider
{
    private long ticks = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks += perLook.Ticks;
}
