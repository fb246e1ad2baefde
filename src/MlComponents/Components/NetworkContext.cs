namespace MlComponents;

/// <summary>What a network is built for: the shapes of its inputs, the number of its outputs, device and dtype.</summary>
public sealed record NetworkContext
{
    /// <summary>Shape of one example of each input by name, without the batch dimension.</summary>
    public required IReadOnlyDictionary<string, long[]> Inputs { get; init; }

    /// <summary>Numbers per example that the network returns: classes of a classifier, 1 for a logit or a single target, one per <see cref="Quantile"/>.</summary>
    public required long Outputs { get; init; }

    /// <summary>Where the network will run. Default: the CPU.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>
    /// Floating-point type of the inputs, and so of weights and buffers: what a definition creates is converted to it. Bfloat16 in a training with <see cref="TrainingPrecision.BFloat16"/>.
    /// Default: float32.
    /// </summary>
    public ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>Shape of one example of the input <c>features</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no such input.</exception>
    public long[] InputShape => ShapeOf(Batch.FeaturesName);

    /// <summary>Numbers in one example of the input <c>features</c>: the product of <see cref="InputShape"/>.</summary>
    public long InputSize => InputShape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Shape of one example of an input.</summary>
    /// <param name="input">The input's name.</param>
    /// <exception cref="InvalidOperationException">There is no such input.</exception>
    public long[] ShapeOf(string input) => Inputs.TryGetValue(input, out var shape) ? shape : throw new InvalidOperationException(
        $"This network needs an input '{input}', but the data has: {string.Join(", ", Inputs.Keys)}.");

    /// <summary>A context with the one input <c>features</c>.</summary>
    /// <param name="inputShape">Shape of one example, without the batch dimension.</param>
    /// <param name="outputs">Numbers per example that the network returns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or the number of outputs is below 1.</exception>
    public static NetworkContext Of(long[] inputShape, long outputs)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        foreach (var size in inputShape)
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(inputShape));

        return new() { Inputs = new Dictionary<string, long[]> { [Batch.FeaturesName] = inputShape }, Outputs = outputs };
    }
}
