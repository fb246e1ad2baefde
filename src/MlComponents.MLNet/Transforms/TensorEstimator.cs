using MlComponents.MLNet.Interop;

namespace MlComponents.MLNet;

/// <summary>Applies an operation to columns. Made by the methods of <see cref="TorchCatalog"/>. It learns nothing, so <see cref="Fit"/> reads no rows.</summary>
public sealed class TensorEstimator : IEstimator<TensorTransformer>
{
    private readonly TensorTransformer transformer;

    internal TensorEstimator(OperationDefinition operation, string outputColumnName, IReadOnlyList<string> inputColumnNames)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        foreach (var name in inputColumnNames)
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(inputColumnNames));
        operation.Validate();
        transformer = new TensorTransformer(operation, outputColumnName, inputColumnNames.Count > 0 ? [.. inputColumnNames] : [outputColumnName]);
    }

    /// <summary>The columns after the operation, before there is data.</summary>
    /// <remarks>
    /// ML.NET's shapes of schemas have no sizes. Whether sizes fit is seen by <see cref="Fit"/>; for vectors the type of the new column is the one that
    /// the operation gives for vectors of one to four dimensions, the first that it takes, and where it takes none the type of the first input.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ColumnShapes.Output(inputSchema, transformer.Operation, transformer.OutputColumnName, transformer.InputColumnNames);
    }

    /// <summary>Checks the columns; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or its type or shape doesn't fit.</exception>
    public TensorTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }
}
