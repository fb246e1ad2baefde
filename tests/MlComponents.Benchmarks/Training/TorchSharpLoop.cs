namespace MlComponents.Benchmarks.Training;

/// <summary>The loop of TorchSharp's examples: its own DataLoader and its own Adam.</summary>
internal sealed class TorchSharpLoop(NetworkDefinition network, GeneratedDigits digits, int batchSize, int epochs)
{
    public Measurement Run()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var module = (nn.Module<Tensor, Tensor>)network.Create(NetworkContext.Of(digits.Features.shape[1..], GeneratedDigits.Classes));
        using var optimizer = optim.Adam(module.parameters());
        using var rows = new Rows(digits);
        using var loader = utils.data.DataLoader(rows, batchSize, shuffle: true);
        module.train();

        var clock = Clock.Start();
        var count = 0L;
        for (var epoch = 0; epoch < epochs; epoch++)
            foreach (var batch in loader)
            {
                using var inner = NewDisposeScope();

                optimizer.zero_grad();
                nn.functional.cross_entropy(module.call(batch["features"]), batch["label"]).backward();
                optimizer.step();
                count++;
            }
        return clock.Stop(count);
    }

    private sealed class Rows(GeneratedDigits digits) : utils.data.Dataset
    {
        public override long Count => digits.Rows;

        public override Dictionary<string, Tensor> GetTensor(long index) => new()
        {
            ["features"] = digits.Features[index],
            ["label"] = digits.Labels[index],
        };
    }
}
