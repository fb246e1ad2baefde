namespace MlComponents.MLNet;

/// <summary>Computes single rows, as ML.NET's PredictionEngine wants them.</summary>
internal sealed class ComputedRowMapper(ComputedColumns columns) : IRowToRowMapper
{
    public DataViewSchema InputSchema => columns.Input;

    public DataViewSchema OutputSchema => columns.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        columns.Needed(dependingColumns.Select(column => column.Index));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new ComputedRow(input, columns, activeColumns.Select(column => column.Index).ToHashSet());
}
