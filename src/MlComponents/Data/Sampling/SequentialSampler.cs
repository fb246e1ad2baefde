namespace MlComponents;

/// <summary>Every example once, in the order of the data.</summary>
/// <param name="count">Number of examples, at least 0.</param>
public sealed class SequentialSampler(long count) : Sampler
{
    private readonly long[] indices = [.. Enumerable.Range(0, checked((int)count)).Select(i => (long)i)];

    /// <inheritdoc/>
    public override long Count => indices.Length;

    /// <inheritdoc/>
    public override long[] Indices(int epoch) => indices;
}
