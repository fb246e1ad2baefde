using MlComponents.MLNet.Interop;

namespace MlComponents.MLNet;

/// <summary>The columns of an input with those that a model adds behind them.</summary>
internal sealed class ScoredColumns : ComputedColumns
{
    private readonly Scorer scorer;
    private readonly IReadOnlyList<OutputColumn> outputs;

    /// <exception cref="ArgumentOutOfRangeException">The input has no features that fit.</exception>
    public ScoredColumns(DataViewSchema input, string featureColumn, VectorDataViewType featureType, Scorer scorer, IReadOnlyList<OutputColumn> outputs)
        : base(input, [SchemaCheck.Features(input, featureColumn, featureType)])
    {
        this.scorer = scorer;
        this.outputs = outputs;

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        var set = ScoreAnnotations.NextSet(input);
        foreach (var output in outputs)
            builder.AddColumn(output.Name, output.Type, ScoreAnnotations.Of(output, scorer.Task.ScoreKind, set));
        Output = builder.ToSchema();
    }

    public override DataViewSchema Output { get; }

    public override int BatchSize => scorer.BatchSize;

    public override Computation Open(DataViewRow row, int capacity) =>
        new Scores(scorer, TensorColumn.Of(row, row.Schema[Sources[0].Index], capacity, scorer.InputShape), outputs, capacity);
}
