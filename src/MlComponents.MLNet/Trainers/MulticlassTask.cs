using System.Numerics.Tensors;

namespace MlComponents.MLNet;

/// <summary>One of several classes: the label is a key, <c>Score</c> the probability of each class in the order of the keys.</summary>
internal sealed class MulticlassTask : TorchTask
{
    public static readonly MulticlassTask Instance = new();

    public override string Name => "multiclass-classification";

    public override string ScoreKind => "MulticlassClassification";

    public override string LabelTypes => "Key";

    public override bool NeedsSeveralLabels => true;

    public override ScalarType LabelScalarType => ScalarType.Int64;

    public override bool AcceptsLabel(DataViewType type) => type is KeyDataViewType { Count: >= 2 and <= int.MaxValue };

    public override int OutputsFor(DataViewType label) => (int)((KeyDataViewType)label).Count;

    public override Objective CreateObjective(int outputs, LossDefinition? loss, IReadOnlyList<MetricDefinition>? metrics) =>
        Objective.Multiclass(outputs, loss, metrics);

    public override Tensor Scores(Tensor output) => nn.functional.softmax(output, dim: 1);

    public override IReadOnlyList<OutputColumn> Columns(int outputs, KeyNames? names) =>
    [
        new OutputColumn<uint>("PredictedLabel", new KeyDataViewType(typeof(uint), outputs), OutputColumn.PredictedLabelKind, Class)
        {
            Annotate = annotations => names?.AddKeyValuesTo(annotations),
        },
        new OutputColumn<VBuffer<float>>("Score", new VectorDataViewType(NumberDataViewType.Single, outputs), OutputColumn.ScoreKind, CopyScores)
        {
            Annotate = annotations => names?.AddSlotNamesTo(annotations),
        },
    ];

    // A key counts from 1; features that are NaN give scores that are, and no class.
    private static void Class(ReadOnlySpan<float> scores, ref uint value) =>
        value = float.IsNaN(scores[0]) ? 0 : (uint)TensorPrimitives.IndexOfMax(scores) + 1;

    private static void CopyScores(ReadOnlySpan<float> scores, ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, scores.Length);
        scores.CopyTo(editor.Values);
        value = editor.Commit();
    }
}
