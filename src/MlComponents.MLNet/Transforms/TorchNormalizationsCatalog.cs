using MlComponents;
using MlComponents.MLNet;

namespace Microsoft.ML;

/// <summary>Normalizations of columns of numbers.</summary>
public static class TorchNormalizationsCatalog
{
    /// <summary>
    /// Normalizes a column by its mean and variance over the rows, which <c>Fit</c> learns in one pass: <c>y = γ·(x − μ)/√(σ² + ε) + β</c>. A constant
    /// column gives β.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column: Double for a column of Double, else Single.</param>
    /// <param name="inputColumnName">A column of numbers, a scalar or a vector of fixed size; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="options">ε, γ, β, and what happens to rows that aren't finite; null: the defaults.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value of the options is out of its range; the message lists all of them.</exception>
    public static BatchNormalizeEstimator BatchNormalize(this TorchCatalog catalog, string outputColumnName, string? inputColumnName = null, BatchNormalizeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new BatchNormalizeEstimator(catalog.Environment, outputColumnName, inputColumnName ?? outputColumnName, options ?? new());
    }

    /// <summary>Normalizes each row by its own mean and variance, over all its numbers or its last dimensions.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column, of the input's shape.</param>
    /// <param name="inputColumnName">A vector of numbers; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="dimensions">How many of the last dimensions are normalized together, at least 1; null: all.</param>
    /// <param name="epsilon">Added to the variance; above 0 and at most 1.</param>
    public static TensorEstimator LayerNormalize(this TorchCatalog catalog, string outputColumnName, string? inputColumnName = null, int? dimensions = null, double epsilon = 1e-5) =>
        catalog.Apply(outputColumnName, new LayerNormalize { Dimensions = dimensions, Epsilon = epsilon }, inputColumnName ?? outputColumnName);

    /// <summary>Normalizes each channel of each row by its own mean and variance.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column, of the input's shape.</param>
    /// <param name="inputColumnName">A vector of numbers with the channels first, [C, L], [C, H, W] and so on; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="epsilon">Added to the variance; above 0 and at most 1.</param>
    public static TensorEstimator InstanceNormalize(this TorchCatalog catalog, string outputColumnName, string? inputColumnName = null, double epsilon = 1e-5) =>
        catalog.Apply(outputColumnName, new InstanceNormalize { Epsilon = epsilon }, inputColumnName ?? outputColumnName);

    /// <summary>Normalizes each group of neighbouring channels of each row by its own mean and variance.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column, of the input's shape.</param>
    /// <param name="groups">How many groups the channels make, at least 1; it divides their number.</param>
    /// <param name="inputColumnName">A vector of numbers with the channels first, [C], [C, L], [C, H, W] and so on; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="epsilon">Added to the variance; above 0 and at most 1.</param>
    public static TensorEstimator GroupNormalize(this TorchCatalog catalog, string outputColumnName, int groups, string? inputColumnName = null, double epsilon = 1e-5) =>
        catalog.Apply(outputColumnName, new GroupNormalize { Groups = groups, Epsilon = epsilon }, inputColumnName ?? outputColumnName);
}
