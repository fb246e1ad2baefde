namespace MlComponents.Tests.Training.Precisions;

/// <summary>Element types that were seen in a run.</summary>
internal sealed class SeenTypes
{
    public HashSet<ScalarType> TrainingProducts { get; } = [];

    public HashSet<ScalarType> ValidationProducts { get; } = [];

    public HashSet<ScalarType> Losses { get; } = [];

    public HashSet<ScalarType> Outputs { get; } = [];
}

/// <summary>A linear layer that tells what type its products have.</summary>
internal sealed class WatchedNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> linear;
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly SeenTypes seen;

    public WatchedNetwork(NetworkContext context, SeenTypes seen) : base(nameof(WatchedNetwork))
    {
        this.seen = seen;
        linear = nn.Linear(context.InputSize, context.Outputs);
        norm = nn.BatchNorm1d(context.Outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var product = linear.call(x);
        (training ? seen.TrainingProducts : seen.ValidationProducts).Add(product.dtype);
        return norm.call(product).MoveToOuterDisposeScope();
    }
}

/// <summary>The task of the blobs, which tells what types its losses and outputs have.</summary>
internal sealed class WatchedObjective(SeenTypes seen) : Objective
{
    private readonly Objective inner = Multiclass(Blobs.Classes);

    public override long Outputs => inner.Outputs;

    public override ObjectiveStep Step(nn.Module network, Batch batch)
    {
        var step = inner.Step(network, batch);
        seen.Losses.Add(step.Loss.dtype);
        seen.Outputs.Add(step.Output.dtype);
        return step;
    }

    public override Tensor Normalizer(Batch batch, string? term = null) => inner.Normalizer(batch, term);

    public override IReadOnlyList<Metric> CreateMetrics() => inner.CreateMetrics();

    public override void To(Device device) => inner.To(device);

    protected override void Dispose(bool disposing) => inner.Dispose();
}
