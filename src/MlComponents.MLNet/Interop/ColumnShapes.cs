namespace MlComponents.MLNet.Interop;

/// <summary>Columns of ML.NET's <see cref="SchemaShape"/>, which others can't make: columns before there is data, without sizes.</summary>
internal static class ColumnShapes
{
    // The first can be divided by 1 to 8; the second has room for large numbers of places and of groups that are powers of 2.
    private static readonly long[] Sizes = [840, 1 << 20];
    private const int MostGuesses = 256;

    private static readonly int[] VectorRanks = [1, 2, 3, 4];

    public static SchemaShape.Column Of(
        string name, SchemaShape.Column.VectorKind kind, DataViewType type, IEnumerable<SchemaShape.Column> annotations, bool isKey = false) =>
        new(name, kind, type, isKey, new SchemaShape(annotations));

    /// <summary>A shape with more columns; each replaces one of its name.</summary>
    public static SchemaShape With(SchemaShape input, IEnumerable<SchemaShape.Column> added)
    {
        var columns = input.ToDictionary(column => column.Name);
        foreach (var column in added)
            columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static SchemaShape.Column Check(SchemaShape input, string role, string name, string expected, Func<SchemaShape.Column, bool> accepts)
    {
        if (!input.TryFindColumn(name, out var column))
            throw SchemaCheck.Missing(role, name, expected, input.Select(other => other.Name));
        return accepts(column) ? column : throw SchemaCheck.Mismatch(role, name, expected, column.GetTypeString());
    }

    /// <summary>The input's columns with the result of an operation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static SchemaShape Output(SchemaShape input, OperationDefinition operation, string output, IReadOnlyList<string> inputs)
    {
        SchemaShape.Column[] columns = [.. inputs.Select(name => Check(input, "input", name, ColumnTypes.Allowed, IsTensor))];
        var result = Guess(operation, columns);
        var kind = result.Shape.Count == 0 ? SchemaShape.Column.VectorKind.Scalar : SchemaShape.Column.VectorKind.Vector;
        return With(input, [Of(output, kind, SchemaCheck.ItemOf(result, operation), OperationColumns.KeepsSlots(operation) ? SlotNames(columns[0]) : [])]);
    }

    /// <summary>The input's columns with a normalized one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static SchemaShape Normalized(SchemaShape input, string output, string name)
    {
        var column = Check(input, "input", name, ColumnTypes.AllowedNumbers, column => IsTensor(column) && !column.IsKey && ColumnTypes.IsNumber(column.ItemType));
        var item = column.ItemType == NumberDataViewType.Double ? NumberDataViewType.Double : NumberDataViewType.Single;
        return With(input, [Of(output, column.Kind, item, SlotNames(column))]);
    }

    private static IEnumerable<SchemaShape.Column> SlotNames(SchemaShape.Column column) => column.Annotations.Where(annotation => annotation.Name == SchemaCheck.SlotNames);

    private static bool IsTensor(SchemaShape.Column column) => column.Kind != SchemaShape.Column.VectorKind.VariableVector && ElementOf(column) is not null;

    private static ScalarType? ElementOf(SchemaShape.Column column) => column.IsKey ? ScalarType.Int64 : ColumnTypes.ElementOf(column.ItemType);

    /// <summary>What an operation gives for scalars, and for vectors of the first ranks that it takes; sizes that fit nowhere may still fit the data.</summary>
    private static TensorSpec Guess(OperationDefinition operation, SchemaShape.Column[] columns)
    {
        IEnumerable<int[]> guesses = [[]];
        foreach (var column in columns)
            guesses = guesses.SelectMany(_ => column.Kind == SchemaShape.Column.VectorKind.Scalar ? [0] : VectorRanks, (ranks, rank) => (int[])[.. ranks, rank]);

        Exception? refusal = null;
        foreach (var (size, ranks) in Sizes.SelectMany(size => guesses.Take(MostGuesses).Select(ranks => (size, ranks))))
        {
            try
            {
                return operation.Infer([.. columns.Zip(ranks, (column, rank) => new TensorSpec(ElementOf(column)!.Value, [.. Enumerable.Repeat(size, rank)]))]);
            }
            catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)   // the ranks are ours, and need not be checked by a user's operation
            {
                refusal = e;
            }
        }
        return columns.All(column => column.Kind == SchemaShape.Column.VectorKind.Scalar)
            ? throw SchemaCheck.Refused(columns.Select(column => (column.Name, (object)column.GetTypeString())), refusal!)
            : new TensorSpec(ElementOf(columns[0])!.Value, [Sizes[0]]);
    }
}
