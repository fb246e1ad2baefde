using System.Diagnostics;

namespace MlComponents;

/// <summary>Seconds that a run has taken, those before it was resumed included.</summary>
internal sealed class RunClock
{
    private readonly long started = Stopwatch.GetTimestamp();
    private double before;

    /// <summary>Seconds so far; setting them goes on from there.</summary>
    public double Seconds
    {
        get => before + Stopwatch.GetElapsedTime(started).TotalSeconds;
        set => before = value - Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
