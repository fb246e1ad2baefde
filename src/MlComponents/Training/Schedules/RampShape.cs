namespace MlComponents;

/// <summary>How a factor gets from one value to another.</summary>
public enum RampShape
{
    /// <summary>In equal differences: <c>a + (b − a)·t</c>.</summary>
    Linear,

    /// <summary>In equal ratios: <c>a·(b / a)^t</c>.</summary>
    Exponential,

    /// <summary>Along half a cosine, slow at both ends: <c>b + (a − b)·½(1 + cos(π·t))</c>.</summary>
    Cosine,
}

/// <summary>The formulas of <see cref="RampShape"/>.</summary>
internal static class Ramp
{
    /// <summary>The value on the way between two.</summary>
    /// <param name="shape">Which way.</param>
    /// <param name="from">Where it starts; above 0 for an exponential.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="t">How far it is, 0 to 1.</param>
    public static double Between(RampShape shape, double from, double to, double t) => shape switch
    {
        RampShape.Linear => from + (to - from) * t,
        RampShape.Exponential => from * Math.Pow(to / from, t),
        _ => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * t)),
    };
}
