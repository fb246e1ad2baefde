namespace MlComponents.MLNet;

/// <summary>Yes or no: the label is a bool or a key of 2 (the second is yes), <c>Score</c> the logit, <c>Probability</c> its sigmoid.</summary>
internal sealed class BinaryTask : TorchTask
{
    public static readonly BinaryTask Instance = new();

    public override string Name => "binary-classification";

    public override string ScoreKind => "BinaryClassification";

    public override string LabelTypes => "Boolean or a Key of 2";

    public override bool NeedsSeveralLabels => true;

    public override ScalarType LabelScalarType => ScalarType.Float32;

    public override bool AcceptsLabel(DataViewType type) => type is BooleanDataViewType or KeyDataViewType { Count: 2 };

    public override int OutputsFor(DataViewType label) => 1;

    public override Objective CreateObjective(int outputs, LossDefinition? loss, IReadOnlyList<MetricDefinition>? metrics) =>
        Objective.Binary(loss, metrics);

    public override Tensor Scores(Tensor output) => output.alias();

    public override IReadOnlyList<OutputColumn> Columns(int outputs, KeyNames? names) =>
    [
        new OutputColumn<bool>("PredictedLabel", BooleanDataViewType.Instance, OutputColumn.PredictedLabelKind,
            static (ReadOnlySpan<float> scores, ref bool value) => value = scores[0] > 0),
        new OutputColumn<float>("Score", NumberDataViewType.Single, OutputColumn.ScoreKind,
            static (ReadOnlySpan<float> scores, ref float value) => value = scores[0]),
        new OutputColumn<float>("Probability", NumberDataViewType.Single, OutputColumn.ProbabilityKind,
            static (ReadOnlySpan<float> scores, ref float value) => value = 1 / (1 + MathF.Exp(-scores[0]))) { IsNormalized = true },
    ];
}
