namespace MlComponents.Benchmarks;

/// <summary>Two ways to do the same work: this library's and the one that it is held against.</summary>
internal abstract class Benchmark : IDisposable
{
    /// <summary>What is compared, as the first column of the table says it and <c>--filter</c> finds it.</summary>
    public abstract string Name { get; }

    /// <summary>What one unit is, e.g. <c>step</c>.</summary>
    public abstract string Unit { get; }

    /// <summary>Largest time that ours should take, as a multiple of the other's.</summary>
    public abstract double Aim { get; }

    /// <summary>One block of our work; what it needs is made outside the measurement.</summary>
    public abstract Measurement RunOurs();

    /// <summary>One block of the other's work, of about the same number of units.</summary>
    public abstract Measurement RunOther();

    /// <summary>Frees the data.</summary>
    public abstract void Dispose();
}
