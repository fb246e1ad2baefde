namespace MlComponents;

/// <summary>What a module returned over all examples that were seen.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its type, e.g. <c>Conv2d</c>.</param>
/// <param name="RootMeanSquare">√(mean of x²) of the finite elements; NaN where there are none.</param>
/// <param name="Smallest">Smallest finite element; NaN where there are none.</param>
/// <param name="NonFiniteShare">Share of elements that are NaN or infinite: 0 to 1.</param>
/// <param name="Units">Its units: channels of maps, [N, C, ...], and numbers of vectors, [N, C]; the last dimension, [N, ..., C], where what precedes it is a linear layer. 0 where it has none.</param>
/// <param name="SilentUnits">Numbers of the units, from 0, that are 0 for all examples.</param>
public sealed record ModuleActivity(string Name, string Kind, double RootMeanSquare, double Smallest, double NonFiniteShare, long Units, IReadOnlyList<long> SilentUnits)
{
    /// <summary>The silent units of a module that returns nothing below 0, as a ReLU does: no gradient goes through them.</summary>
    public IReadOnlyList<long> DeadUnits => Smallest >= 0 && NonFiniteShare == 0 ? SilentUnits : [];
}
