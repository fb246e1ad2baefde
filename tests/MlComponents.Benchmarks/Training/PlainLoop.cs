namespace MlComponents.Benchmarks.Training;

/// <summary>The loop that one writes by hand: shuffled tensors in memory, <c>index_select</c> for a batch, no monitoring; in bfloat16 where libtorch's autocast is turned on.</summary>
internal sealed class PlainLoop(NetworkDefinition network, GeneratedDigits digits, OptimizerDefinition optimizer, int batchSize, int epochs, bool autocast = false)
{
    public Measurement Run()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var module = (nn.Module<Tensor, Tensor>)network.Create(NetworkContext.Of(digits.Features.shape[1..], GeneratedDigits.Classes));
        using var steps = optimizer.Create([.. module.parameters()]);
        module.train();

        var clock = Clock.Start();
        var count = 0L;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            using var order = randperm(digits.Rows, ScalarType.Int64);
            for (var start = 0L; start < digits.Rows; start += batchSize, count++)
            {
                using var inner = NewDisposeScope();
                var rows = order.narrow(0, start, Math.Min(batchSize, digits.Rows - start));
                var features = digits.Features.index_select(0, rows);
                var labels = digits.Labels.index_select(0, rows);

                steps.ZeroGradients();
                nn.functional.cross_entropy(Forward(module, features), labels).backward();
                steps.Step();
            }
        }
        return clock.Stop(count);
    }

    private Tensor Forward(nn.Module<Tensor, Tensor> module, Tensor features)
    {
        if (!autocast)
            return module.call(features);
        using var scope = Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.BFloat16);
        return module.call(features).to(ScalarType.Float32);
    }
}
