namespace MlComponents;

/// <summary>One input, one target: the loss between <c>network(features)</c> and <c>label</c>.</summary>
internal sealed class SupervisedObjective : Objective
{
    private readonly Func<IReadOnlyList<Metric>> metrics;
    private readonly Loss loss;
    private readonly Dictionary<string, LossTerm> terms;

    public SupervisedObjective(TaskKind kind, long targets, LossDefinition definition, Func<IReadOnlyList<Metric>> metrics)
    {
        definition.Validate();
        if (definition.Reduction == Reduction.None)
            throw new ArgumentException(
                $"{definition.GetType().Name} has Reduction.None, a number per element, but training minimises one number: use Mean or Sum.", nameof(definition));

        Kind = kind;
        Minimised = definition;
        Outputs = definition.OutputsFor(targets);
        this.metrics = metrics;
        loss = definition.Create(Outputs);
        terms = loss.Terms.ToDictionary(term => term.Name);
        Terms = loss.Terms.ToDictionary(term => term.Name, term => term.Weight);
    }

    public override long Outputs { get; }

    public override IReadOnlyDictionary<string, double> Terms { get; }

    public override LossDefinition Minimised { get; }

    public override TaskKind Kind { get; }

    public override bool IsSum => loss.Reduction == Reduction.Sum;

    public override ObjectiveStep Step(nn.Module network, Batch batch)
    {
        if (network is not nn.Module<Tensor, Tensor> module)
            throw new ArgumentException(
                $"The network {network.GetName()} is a {network.GetType().BaseType?.Name}, but this task needs a Module<Tensor, Tensor> from features to scores.", nameof(network));

        if (network.training && network is IAuxiliaryHeads heads)
            return WithAuxiliaryHeads(heads, batch);
        return Main(Prediction(module.call(batch.Features), batch), Targets.Of(batch), network.training);
    }

    public override Tensor Normalizer(Batch batch, string? term = null)
    {
        using var scope = NewDisposeScope();

        var targets = Targets.Of(batch);

        return (term is null ? loss : terms[term].Loss).Normalizer(targets.Label, targets.Weight).MoveToOuterDisposeScope();   // []
    }

    public override IReadOnlyList<Metric> CreateMetrics() => metrics();

    public override void To(Device device) => loss.to(device);

    protected override void Dispose(bool disposing) => loss.Dispose();

    private ObjectiveStep Main(Tensor prediction, Targets targets, bool training)
    {
        var compared = targets.Compared(prediction);
        if (terms.Count == 0)
            return new(Value(loss), prediction);

        var values = terms.ToDictionary(pair => pair.Key, pair => Value(pair.Value.Loss));
        return new(values.Select(pair => pair.Value.Times(Terms[pair.Key])).Aggregate((a, b) => a.Plus(b)), prediction) { Terms = values };

        Tensor Value(Loss loss) => training ? loss.call(compared, targets.Label, targets.Weight) : loss.Mean(compared, targets.Label, targets.Weight);
    }

    private ObjectiveStep WithAuxiliaryHeads(IAuxiliaryHeads network, Batch batch)
    {
        var predictions = network.CallHeads(batch.Features).Select(output => Prediction(output, batch)).ToList();
        var targets = Targets.Of(batch);
        var main = Main(predictions[0], targets, training: true);
        var values = new Dictionary<string, Tensor>(main.Terms);
        Log("main-head", main.Loss);
        var total = main.Loss;
        for (var head = 1; head < predictions.Count; head++)
        {
            var value = loss.call(targets.Compared(predictions[head]), targets.Label, targets.Weight);
            Log($"auxiliary-head-{head}", value);
            total = total.Plus(value.Times(network.AuxiliaryWeight));
        }

        return main with { Loss = total, Terms = values };

        void Log(string head, Tensor value)
        {
            if (!values.TryAdd(head, value))
                throw new ArgumentException($"The loss has a term '{head}', but that is what the loss of a head of this network is logged as: give the term another name.");
        }
    }

    private Tensor Prediction(Tensor output, Batch batch)
    {
        if (output.dim() < 2 || output.shape[0] != batch.Count || output.shape[1] != Outputs)
            throw new InvalidOperationException(
                $"The network returned {Shown.Shape(output.shape)} for {batch.Count} examples; this task needs [{batch.Count}, {Outputs}]: "
                + "build the last layer with NetworkContext.Outputs outputs.");
        var prediction = output.AtLeastFloat32();   // for metrics and losses, whatever precision the network has
        if (Outputs > 1)
            return prediction;

        if (!Sizes(output).SequenceEqual(Sizes(batch.Label)))
            throw new InvalidOperationException(
                $"The network returned {Shown.Shape(output.shape)} for labels {Shown.Shape(batch.Label.shape)}; this task needs one number per label.");
        return prediction.view(batch.Label.shape);   // [N, 1] against labels [N]
    }

    private static IEnumerable<long> Sizes(Tensor x) => x.shape.Where(size => size != 1);
}
