namespace MlComponents.MLNet;

/// <summary>Scores single rows, as ML.NET's PredictionEngine wants them.</summary>
internal sealed class ScoredRowMapper(ScoredSchema schema, Scorer scorer) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        schema.Needed(dependingColumns.Select(column => column.Index));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new ScoredRow(input, schema, scorer, activeColumns.Select(column => column.Index).ToHashSet());
}
