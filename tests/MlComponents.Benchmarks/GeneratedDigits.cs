namespace MlComponents.Benchmarks;

/// <summary>Ten patterns in noise.</summary>
internal sealed class GeneratedDigits : IDisposable
{
    public const int Pixels = 28 * 28;
    public const int Classes = 10;

    /// <param name="rows">Number of examples.</param>
    /// <param name="shape">Shape of one example, e.g. MNIST's.</param>
    public GeneratedDigits(int rows, params long[] shape)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);

        var labels = randint(Classes, [rows], ScalarType.Int64, generator: generator);
        var pixels = shape.Aggregate(1L, (product, size) => product * size);
        var patterns = rand([Classes, pixels], generator: generator);
        Features = (0.3 * patterns[labels] + 0.3 * randn([rows, pixels], generator: generator)).view([rows, .. shape]).DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
        Rows = rows;
    }

    public int Rows { get; }

    /// <summary>float32 [rows, ...].</summary>
    public Tensor Features { get; }

    /// <summary>int64 [rows].</summary>
    public Tensor Labels { get; }

    public void Dispose()
    {
        Features.Dispose();
        Labels.Dispose();
    }
}
