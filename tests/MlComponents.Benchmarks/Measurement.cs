using System.Diagnostics;

namespace MlComponents.Benchmarks;

/// <summary>What one block of work took.</summary>
/// <param name="Units">Steps, rows or whatever the benchmark counts.</param>
/// <param name="Wall">Time on the wall.</param>
/// <param name="Cpu">Time of all cores that this process used.</param>
internal readonly record struct Measurement(long Units, TimeSpan Wall, TimeSpan Cpu)
{
    public double WallMicroseconds => Wall.TotalMicroseconds / Units;

    public double CpuMicroseconds => Cpu.TotalMicroseconds / Units;

    /// <summary>Measures an action that does so many units of work.</summary>
    public static Measurement Of(long units, Action action)
    {
        var clock = Clock.Start();
        action();
        return clock.Stop(units);
    }
}

/// <summary>Both clocks, started.</summary>
internal readonly record struct Clock(long Timestamp, TimeSpan Cpu)
{
    public static Clock Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    public Measurement Stop(long units) => new(units, Stopwatch.GetElapsedTime(Timestamp), Environment.CpuUsage.TotalTime - Cpu);
}
