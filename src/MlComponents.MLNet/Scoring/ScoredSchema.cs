using MlComponents.MLNet.Interop;

namespace MlComponents.MLNet;

/// <summary>The columns of an input with those that a model adds behind them.</summary>
internal sealed class ScoredSchema
{
    private readonly IReadOnlyList<OutputColumn> outputs;

    /// <exception cref="ArgumentOutOfRangeException">The input has no features that fit.</exception>
    public ScoredSchema(DataViewSchema input, string featureColumn, VectorDataViewType featureType, TorchTask task, IReadOnlyList<OutputColumn> outputs)
    {
        Input = input;
        FeatureColumn = SchemaCheck.Features(input, featureColumn, featureType);
        this.outputs = outputs;

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        var set = ScoreAnnotations.NextSet(input);
        foreach (var output in outputs)
            builder.AddColumn(output.Name, output.Type, ScoreAnnotations.Of(output, task.ScoreKind, set));
        Output = builder.ToSchema();
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public DataViewSchema.Column FeatureColumn { get; }

    public bool IsOutput(int index) => index >= Input.Count;

    public OutputColumn OutputAt(int index) => outputs[index - Input.Count];

    /// <summary>The columns of the input that are needed for some of the output's.</summary>
    public IEnumerable<DataViewSchema.Column> Needed(IEnumerable<int> active) =>
        active.Select(index => IsOutput(index) ? FeatureColumn.Index : index).Distinct().Order().Select(index => Input[index]);
}
