namespace MlComponents.MLNet;

/// <summary>A row with its scores, which are computed once per position however many columns are read.</summary>
internal sealed class ScoredRow : DataViewRow
{
    private readonly DataViewRow input;
    private readonly ScoredSchema schema;
    private readonly Scorer scorer;
    private readonly HashSet<int> active;
    private readonly FeatureBuffer? features;
    private readonly float[] scores;
    private long? scored;

    public ScoredRow(DataViewRow input, ScoredSchema schema, Scorer scorer, HashSet<int> active)
    {
        this.input = input;
        this.schema = schema;
        this.scorer = scorer;
        this.active = active;
        scores = new float[scorer.Width];
        if (active.Any(schema.IsOutput))
            features = scorer.CreateBuffer(input, input.Schema[schema.FeatureColumn.Index], capacity: 1);
    }

    public override DataViewSchema Schema => schema.Output;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' isn't active: ask for it when the row is made.");
        if (!schema.IsOutput(column.Index))
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        return schema.OutputAt(column.Index).Getter(Scores) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}, which can't be read as {typeof(TValue).Name}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            features?.Dispose();
            input.Dispose();
        }
        base.Dispose(disposing);
    }

    private ReadOnlySpan<float> Scores()
    {
        if (scored != input.Position)
        {
            features!.Read(0);
            scorer.Score(features, count: 1, firstRow: input.Position, scores);
            scored = input.Position;
        }
        return scores;
    }
}
