namespace MlComponents.MLNet;

/// <summary>The scores of some rows.</summary>
internal sealed class Scores(Scorer scorer, TensorColumn features, IReadOnlyList<OutputColumn> outputs, int capacity) : Computation([features])
{
    private readonly float[] scores = new float[checked(capacity * scorer.Width)];

    protected override string Subject => "The network";

    public override Delegate Getter(int output, Func<int> current) =>
        outputs[output].Getter(() => scores.AsSpan(current() * scorer.Width, scorer.Width));

    protected override void Compute(IReadOnlyList<Tensor> tensors, int count) => scorer.Score(tensors[0], scores);
}
