using TorchSharp.Modules;

namespace MlComponents;

/// <summary>One of TorchSharp's own optimizers, for parameters that the fused step doesn't take.</summary>
internal sealed class StockOptimizer(optim.Optimizer optimizer) : Optimizer
{
    public override void ZeroGradients() => optimizer.zero_grad();

    public override void Step()
    {
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = LearningRate;
        optimizer.step();
    }

    public override void SaveState(ComponentState state) => throw new NotSupportedException();

    public override void LoadState(ComponentState state) => throw new NotSupportedException();

    protected override void Dispose(bool disposing) => optimizer.Dispose();
}
