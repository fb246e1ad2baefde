namespace MlComponents.MLNet;

/// <summary>Adds a column that is computed from others, many rows at a time, as they are read. It may be used by several threads.</summary>
public abstract class ColumnTransformer : ITransformer
{
    private readonly OperationDefinition operation;

    private protected ColumnTransformer(OperationDefinition operation, string outputColumnName, IReadOnlyList<string> inputColumnNames)
    {
        this.operation = operation;
        OutputColumnName = outputColumnName;
        InputColumnNames = inputColumnNames;
    }

    /// <summary>The column that is added; one of that name that is there already is hidden.</summary>
    public string OutputColumnName { get; }

    /// <summary>The columns from which it is computed, in order.</summary>
    public IReadOnlyList<string> InputColumnNames { get; }

    /// <summary>Always true.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The columns of the output for columns of the input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or its type or shape doesn't fit.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Columns(inputSchema).Output;

    /// <summary>Adds the column to rows. Nothing is computed before it is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or its type or shape doesn't fit.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ComputedView(input, Columns(input.Schema));
    }

    /// <summary>A mapper of single rows, for PredictionEngine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or its type or shape doesn't fit.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ComputedRowMapper(Columns(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    private protected abstract void Save(ModelSaveContext context);

    private OperationColumns Columns(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new OperationColumns(input, operation, OutputColumnName, InputColumnNames);
    }
}
