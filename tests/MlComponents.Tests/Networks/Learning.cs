namespace MlComponents.Tests.Networks;

/// <summary>A few steps of training on one batch.</summary>
internal static class Learning
{
    /// <summary>The cross-entropy before each step of Adam.</summary>
    public static List<double> Losses(nn.Module<Tensor, Tensor> network, Tensor x, Tensor target, int steps, double learningRate)
    {
        using var optimizer = torch.optim.Adam(network.parameters(), learningRate);
        return Losses(optimizer, () => nn.functional.cross_entropy(network.call(x), target), steps);
    }

    /// <summary>The loss before each step of an optimizer.</summary>
    public static List<double> Losses(torch.optim.Optimizer optimizer, Func<Tensor> loss, int steps)
    {
        List<double> losses = [];
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var value = loss();
            value.backward();
            optimizer.step();
            losses.Add(value.item<float>());
        }
        return losses;
    }
}
