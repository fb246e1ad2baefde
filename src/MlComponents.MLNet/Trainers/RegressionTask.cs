namespace MlComponents.MLNet;

/// <summary>A number: the label and <c>Score</c> are Singles.</summary>
internal sealed class RegressionTask : TorchTask
{
    public static readonly RegressionTask Instance = new();

    public override string Name => "regression";

    public override string ScoreKind => "Regression";

    public override string LabelTypes => "Single";

    public override bool NeedsSeveralLabels => false;

    public override ScalarType LabelScalarType => ScalarType.Float32;

    public override bool AcceptsLabel(DataViewType type) => type == NumberDataViewType.Single;

    public override int OutputsFor(DataViewType label) => 1;

    public override Objective CreateObjective(int outputs, LossDefinition? loss, IReadOnlyList<MetricDefinition>? metrics) =>
        Objective.Regression(loss, metrics);

    public override Tensor Scores(Tensor output) => output.alias();

    public override IReadOnlyList<OutputColumn> Columns(int outputs, KeyNames? names) =>
    [
        new OutputColumn<float>("Score", NumberDataViewType.Single, OutputColumn.ScoreKind,
            static (ReadOnlySpan<float> scores, ref float value) => value = scores[0]),
    ];
}
