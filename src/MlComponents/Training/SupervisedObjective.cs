namespace MlComponents;

/// <summary>One input, one target: the loss between <c>network(features)</c> and <c>label</c>.</summary>
internal sealed class SupervisedObjective(long outputs, LossDefinition definition, Func<IReadOnlyList<Metric>> metrics) : Objective
{
    private readonly Loss loss = definition.Create(outputs);

    public override long Outputs => outputs;

    public override ObjectiveStep Step(nn.Module network, Batch batch)
    {
        if (network is not nn.Module<Tensor, Tensor> module)
            throw new ArgumentException(
                $"The network {network.GetName()} is a {network.GetType().BaseType?.Name}, but this task needs a Module<Tensor, Tensor> from features to scores.", nameof(network));

        var output = module.call(batch.Features);
        CheckShape(output, batch);
        var prediction = outputs == 1 ? output.view(batch.Label.shape) : output;   // [N, 1] against labels [N]

        return new(loss.call(prediction, batch.Label, batch.Weight), prediction);
    }

    public override Tensor Normalizer(Batch batch) => loss.Normalizer(batch.Label, batch.Weight);

    public override IReadOnlyList<Metric> CreateMetrics() => metrics();

    public override void To(Device device) => loss.to(device);

    protected override void Dispose(bool disposing) => loss.Dispose();

    private void CheckShape(Tensor output, Batch batch)
    {
        if (output.dim() < 2 || output.shape[0] != batch.Count || output.shape[1] != outputs)
            throw new InvalidOperationException(
                $"The network returned [{string.Join(", ", output.shape)}] for {batch.Count} examples; this task needs [{batch.Count}, {outputs}]: "
                + "build the last layer with NetworkContext.Outputs outputs.");
    }
}
