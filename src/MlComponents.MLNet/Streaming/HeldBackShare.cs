namespace MlComponents.MLNet;

/// <summary>Which rows of a stream are held back from training to measure on: each by a hash of the seed and its id, so that it is the same ones whatever the order is.</summary>
/// <param name="Fraction">Share of the rows that is held back on average, above 0 and below 1.</param>
/// <param name="Seed">Draws which.</param>
internal sealed record HeldBackShare(double Fraction, int Seed)
{
    private readonly ulong key = SplitMix.Of((uint)Seed);

    public bool Holds(DataViewRowId id) => SplitMix.Of(SplitMix.Of(id.Low ^ key) ^ id.High) >> 11 < Fraction * (1UL << 53);

    public bool Leaves(DataViewRowId id) => !Holds(id);
}
