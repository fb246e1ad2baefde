namespace MlComponents;

/// <summary>The copies of a network as one: each takes its part of the batch on its device.</summary>
internal class ReplicatedNetwork(Replicas replicas) : nn.Module<Tensor, Tensor>(nameof(ReplicatedNetwork))
{
    public sealed override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var outputs = Outputs(x, (network, part) => [((nn.Module<Tensor, Tensor>)network).call(part)]);

        return outputs[0].MoveToOuterDisposeScope();
    }

    /// <summary>What the copies make of their parts of a batch, together on the first device.</summary>
    /// <param name="x">The batch, [N, ...].</param>
    /// <param name="call">Calls a copy, which may have several outputs, [n, ...].</param>
    /// <returns>Every output, [N, ...].</returns>
    protected List<Tensor> Outputs(Tensor x, Func<nn.Module, Tensor, IReadOnlyList<Tensor>> call)
    {
        replicas.Update();
        var parts = x.tensor_split(Math.Min(x.shape[0], replicas.Networks.Count));
        var outputs = parts.Select((part, i) => call(replicas.Networks[i], part.to(replicas.On[i]))).ToList();
        return [.. Enumerable.Range(0, outputs[0].Count).Select(output => cat([.. outputs.Select(ofPart => ofPart[output].to(x.device))]))];
    }
}

/// <summary>The same of a network with auxiliary heads.</summary>
internal sealed class ReplicatedHeads(Replicas replicas, double weight) : ReplicatedNetwork(replicas), IAuxiliaryHeads
{
    public double AuxiliaryWeight => weight;

    public IReadOnlyList<Tensor> Heads(Tensor x)
    {
        using var scope = NewDisposeScope();

        var outputs = Outputs(x, (network, part) => ((IAuxiliaryHeads)network).CallHeads(part));
        outputs.ForEach(output => output.MoveToOuterDisposeScope());

        return outputs;
    }
}
