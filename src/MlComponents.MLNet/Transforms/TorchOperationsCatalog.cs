using MlComponents;
using MlComponents.MLNet;

namespace Microsoft.ML;

/// <summary>Operations on columns that are tensors. See <see cref="TorchCatalog"/> for the order of arguments and the types of columns.</summary>
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

    /// <inheritdoc cref="MlComponents.ArgMax"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column, of Int64.</param>
    /// <param name="inputColumnName">What is searched; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="dimension">Dimension of the row; negative ones count from the end; null: the index into the flattened row.</param>
    /// <param name="keepDimension">Whether the dimension stays, with the size 1.</param>
    public static TensorEstimator ArgMax(
        this TorchCatalog catalog, string outputColumnName, string? inputColumnName = null, int? dimension = -1, bool keepDimension = false) =>
        catalog.Apply(outputColumnName, new ArgMax { Dimension = dimension, KeepDimension = keepDimension }, inputColumnName ?? outputColumnName);

    /// <inheritdoc cref="MlComponents.TopK"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column: of the input's type for values, of Int64 for indices.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="inputColumnName">What is searched; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="result">Whether the new column has the numbers or their indices.</param>
    /// <param name="dimension">Dimension of the row; negative ones count from the end.</param>
    /// <param name="largest">Whether the largest are meant, not the smallest.</param>
    public static TensorEstimator TopK(
        this TorchCatalog catalog, string outputColumnName, int k, string? inputColumnName = null, TopKOutput result = TopKOutput.Values, int dimension = -1, bool largest = true) =>
        catalog.Apply(outputColumnName, new TopK { K = k, Output = result, Dimension = dimension, Largest = largest }, inputColumnName ?? outputColumnName);

    /// <inheritdoc cref="MlComponents.Einsum"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="equation">Operands and output, without the rows, e.g. <c>ij,kj->ik</c>.</param>
    /// <param name="inputColumnNames">One column of numbers per operand, all of one type. None: the column <paramref name="outputColumnName"/>.</param>
    public static TensorEstimator Einsum(this TorchCatalog catalog, string outputColumnName, string equation, params IReadOnlyList<string> inputColumnNames) =>
        catalog.Apply(outputColumnName, new Einsum { Equation = equation }, inputColumnNames);

    /// <inheritdoc cref="MlComponents.Indexing"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column, of the first input's type.</param>
    /// <param name="index">The text between PyTorch's square brackets, e.g. <c>..., 0:3</c>; <c>{1}</c> stands for the places in the second column.</param>
    /// <param name="inputColumnNames">What is indexed, and the columns that the index names. None: the column <paramref name="outputColumnName"/>.</param>
    public static TensorEstimator Index(this TorchCatalog catalog, string outputColumnName, string index, params IReadOnlyList<string> inputColumnNames) =>
        catalog.Apply(outputColumnName, new Indexing { Index = index }, inputColumnNames);

    /// <inheritdoc cref="MlComponents.Concatenate"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="inputColumnNames">Columns of one type that agree in all other dimensions, at least one.</param>
    /// <param name="dimension">Dimension of the row; negative ones count from the end.</param>
    public static TensorEstimator Concatenate(this TorchCatalog catalog, string outputColumnName, IReadOnlyList<string> inputColumnNames, int dimension = 0) =>
        catalog.Apply(outputColumnName, new Concatenate { Dimension = dimension }, inputColumnNames);

    /// <inheritdoc cref="MlComponents.Stack"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="inputColumnNames">Columns of one type and shape, at least one.</param>
    /// <param name="dimension">Where the new dimension stands; negative ones count from the end.</param>
    public static TensorEstimator Stack(this TorchCatalog catalog, string outputColumnName, IReadOnlyList<string> inputColumnNames, int dimension = 0) =>
        catalog.Apply(outputColumnName, new Stack { Dimension = dimension }, inputColumnNames);

    /// <inheritdoc cref="MlComponents.Permute"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="dimensions">For each dimension of the result the one of the row that it is, each once; negative ones count from the end.</param>
    /// <param name="inputColumnName">A column of any type; null: <paramref name="outputColumnName"/>.</param>
    public static TensorEstimator Permute(this TorchCatalog catalog, string outputColumnName, IReadOnlyList<int> dimensions, string? inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        return catalog.Apply(outputColumnName, new Permute { Dimensions = [.. dimensions] }, inputColumnName ?? outputColumnName);
    }

    /// <inheritdoc cref="MlComponents.Reshape"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="shape">The row's new sizes; one may be -1 and becomes what remains.</param>
    /// <param name="inputColumnName">A column of any type; null: <paramref name="outputColumnName"/>.</param>
    public static TensorEstimator Reshape(this TorchCatalog catalog, string outputColumnName, IReadOnlyList<long> shape, string? inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return catalog.Apply(outputColumnName, new Reshape { Shape = [.. shape] }, inputColumnName ?? outputColumnName);
    }

    /// <inheritdoc cref="MlComponents.OneHot"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="classes">Number of classes, at least 1.</param>
    /// <param name="inputColumnName">A column of whole numbers, keys or Booleans; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="outOfRange">What a class outside the range is, e.g. a missing key: an error, or a vector of zeros.</param>
    /// <param name="type">Type of the new column's numbers.</param>
    public static TensorEstimator OneHot(
        this TorchCatalog catalog, string outputColumnName, int classes, string? inputColumnName = null, OutOfRange outOfRange = OutOfRange.Error, ScalarType type = ScalarType.Float32) =>
        catalog.Apply(outputColumnName, new OneHot { Classes = classes, OutOfRange = outOfRange, DType = type }, inputColumnName ?? outputColumnName);

    /// <inheritdoc cref="MlComponents.BinCount"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="bins">Length of the result, at least 1.</param>
    /// <param name="inputColumnName">A column of whole numbers or keys; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="weightColumnName">A column with a weight for each of them; null: each counts 1.</param>
    /// <param name="outOfRange">What happens to a number outside the bins, e.g. a missing key: it is an error, or not counted.</param>
    public static TensorEstimator BinCount(
        this TorchCatalog catalog, string outputColumnName, int bins, string? inputColumnName = null, string? weightColumnName = null, OutOfRange outOfRange = OutOfRange.Error) =>
        catalog.Apply(outputColumnName, new BinCount { Bins = bins, OutOfRange = outOfRange },
            weightColumnName is null ? [inputColumnName ?? outputColumnName] : [inputColumnName ?? outputColumnName, weightColumnName]);

    /// <summary>Whether two columns are equal, number by number, by PyTorch's broadcasting; NaN equals nothing.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column, of Boolean.</param>
    /// <param name="firstColumnName">One column.</param>
    /// <param name="secondColumnName">The other, of the same type.</param>
    public static TensorEstimator Equal(this TorchCatalog catalog, string outputColumnName, string firstColumnName, string secondColumnName) =>
        catalog.Apply(outputColumnName, new Equal(), firstColumnName, secondColumnName);

    /// <summary>Whether a column equals a number, number by number; NaN equals nothing.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column, of Boolean.</param>
    /// <param name="value">What is compared with: one that the column's type can be.</param>
    /// <param name="inputColumnName">A column of any type; null: <paramref name="outputColumnName"/>.</param>
    public static TensorEstimator Equal(this TorchCatalog catalog, string outputColumnName, double value, string? inputColumnName = null) =>
        catalog.Apply(outputColumnName, new Equal { Value = value }, inputColumnName ?? outputColumnName);

    /// <inheritdoc cref="MlComponents.ScatterReduce"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="size">Size of the dimension in the result, at least 1.</param>
    /// <param name="inputColumnName">A column of numbers.</param>
    /// <param name="indexColumnName">A column of whole numbers or keys of the same shape: where each of them goes.</param>
    /// <param name="reduction">What becomes of numbers with the same index.</param>
    /// <param name="dimension">Dimension of the row; negative ones count from the end.</param>
    /// <param name="outOfRange">What happens to a number whose index is negative or too large, e.g. a missing key: it is an error, or left out.</param>
    public static TensorEstimator ScatterReduce(
        this TorchCatalog catalog, string outputColumnName, int size, string inputColumnName, string indexColumnName,
        SegmentReduction reduction = SegmentReduction.Sum, int dimension = 0, OutOfRange outOfRange = OutOfRange.Error) =>
        catalog.Apply(outputColumnName, new ScatterReduce { Size = size, Reduction = reduction, Dimension = dimension, OutOfRange = outOfRange }, inputColumnName, indexColumnName);

    /// <summary>Reduces the slices of a row that belong to the same segment, which another column names for each slice (the COO form).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="segments">Number of segments, at least 1.</param>
    /// <param name="inputColumnName">A column of numbers.</param>
    /// <param name="indexColumnName">A vector of whole numbers or keys: the segment of each slice.</param>
    /// <param name="reduction">What becomes of the slices of a segment.</param>
    /// <param name="dimension">Dimension of the row that has the slices; negative ones count from the end.</param>
    /// <param name="outOfRange">What happens to a slice whose index is negative or too large, e.g. a missing key: it is an error, or left out.</param>
    public static TensorEstimator SegmentReduce(
        this TorchCatalog catalog, string outputColumnName, int segments, string inputColumnName, string indexColumnName,
        SegmentReduction reduction = SegmentReduction.Sum, int dimension = 0, OutOfRange outOfRange = OutOfRange.Error) =>
        catalog.Apply(outputColumnName, new SegmentReduce { Segments = segments, Reduction = reduction, Dimension = dimension, OutOfRange = outOfRange }, inputColumnName, indexColumnName);

    /// <summary>Reduces neighbouring slices of a row that belong to the same segment; another column has the segments' offsets (the CSR form).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="inputColumnName">A column of numbers.</param>
    /// <param name="offsetColumnName">A vector of whole numbers, one more than there are segments: where each starts, and where the last ends.</param>
    /// <param name="reduction">What becomes of the slices of a segment.</param>
    /// <param name="dimension">Dimension of the row that has the slices; negative ones count from the end.</param>
    public static TensorEstimator SegmentReduceByOffsets(
        this TorchCatalog catalog, string outputColumnName, string inputColumnName, string offsetColumnName, SegmentReduction reduction = SegmentReduction.Sum, int dimension = 0) =>
        catalog.Apply(outputColumnName, new SegmentReduce { Form = SegmentForm.Csr, Reduction = reduction, Dimension = dimension }, inputColumnName, offsetColumnName);
}
