namespace MlComponents.MLNet;

/// <summary>The columns of an input with the result of an operation behind them.</summary>
internal sealed class OperationColumns : ComputedColumns
{
    private const long MostRows = 256;
    private const long MostNumbers = 8 << 20;   // 64 MB of the largest type

    private readonly OperationDefinition operation;
    private readonly TensorSpec result;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, no tensor, or one that the operation can't take.</exception>
    public OperationColumns(DataViewSchema input, OperationDefinition operation, string outputColumn, IReadOnlyList<string> inputColumns)
        : base(input, [.. inputColumns.Select(name => SchemaCheck.Tensor(input, name))])
    {
        this.operation = operation;
        TensorSpec[] specs = [.. Sources.Select(source => ColumnTypes.SpecOf(source.Type)!)];
        try
        {
            result = operation.Infer(specs);
        }
        catch (ArgumentException e)
        {
            throw SchemaCheck.Refused(Sources.Select(source => (source.Name, (object)source.Type)), e);
        }

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumn(outputColumn, SchemaCheck.TypeOf(result, operation), Annotations());
        Output = builder.ToSchema();
        BatchSize = (int)Math.Clamp(MostNumbers / (specs.Sum(spec => spec.Count) + result.Count), 1, MostRows);
    }

    public override DataViewSchema Output { get; }

    public override int BatchSize { get; }

    public override Computation Open(DataViewRow row, int capacity) =>
        new OperationResult(operation, result, [.. Sources.Select(source => TensorColumn.Of(row, row.Schema[source.Index], capacity))], Places(), capacity);

    /// <summary>Whether an operation changes the numbers of its input and neither their places nor how many there are.</summary>
    public static bool KeepsSlots(OperationDefinition operation) => operation is NormalizeOperation or BatchNormalizeOperation;

    /// <summary>The columns of keys by which an index gathers.</summary>
    private Dictionary<int, string> Places() => operation is not Indexing ? [] : Sources.Index().Skip(1)
        .Where(source => source.Item.Type.ItemType() is KeyDataViewType).ToDictionary(source => source.Index, source => source.Item.Name);

    private DataViewSchema.Annotations? Annotations()
    {
        if (!KeepsSlots(operation))
            return null;
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Sources[0].Annotations, name => name == SchemaCheck.SlotNames);
        return builder.ToAnnotations();
    }
}
