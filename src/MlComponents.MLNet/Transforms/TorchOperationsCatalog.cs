using MlComponents;
using MlComponents.MLNet;

namespace Microsoft.ML;

/// <summary>Operations on columns that are tensors.</summary>
public static class TorchOperationsCatalog
{
    /// <summary>Applies any operation, also one of your own.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="operation">What is applied. To be saved it must be registered, as all of ours are: see <see cref="ComponentRegistry"/>.</param>
    /// <param name="inputColumnNames">Its inputs, in order. None: the column <paramref name="outputColumnName"/>.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value of the operation is out of its range; the message lists all of them.</exception>
    public static TensorEstimator Apply(this TorchCatalog catalog, string outputColumnName, OperationDefinition operation, params IReadOnlyList<string> inputColumnNames)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new TensorEstimator(operation, outputColumnName, inputColumnNames);
    }
}
