using TorchSharp.Modules;

namespace MlComponents.Tests.Training.Optimizers;

/// <summary>A definition's optimizer and TorchSharp's own of the same settings, each with its own copy of the same parameters.</summary>
internal sealed class OptimizerPair : IDisposable
{
    public OptimizerPair(OptimizerDefinition definition, IReadOnlyList<Parameter> fused, IReadOnlyList<Parameter> stock)
    {
        (FusedParameters, StockParameters) = (fused, stock);
        Fused = definition.Create(fused);
        Stock = definition switch
        {
            Adam o => optim.Adam(stock, o.LearningRate, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay),
            AdamW o => optim.AdamW(stock, o.LearningRate, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay),
            Sgd o => optim.SGD(stock, o.LearningRate, o.Momentum, weight_decay: o.WeightDecay, nesterov: o.Nesterov),
            _ => throw new ArgumentException($"{definition} has no counterpart."),
        };
    }

    /// <summary>One of each kind that both have, with settings that all matter.</summary>
    public static IEnumerable<object[]> Definitions =>
    [
        [new Adam()],
        [new Adam { Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-6, WeightDecay = 0.01 }],
        [new AdamW { WeightDecay = 0.1 }],
        [new Sgd { LearningRate = 0.1 }],
        [new Sgd { LearningRate = 0.05, Momentum = 0.9, WeightDecay = 1e-3 }],
        [new Sgd { LearningRate = 0.05, Momentum = 0.9, WeightDecay = 1e-3, Nesterov = true }],
    ];

    public Optimizer Fused { get; }

    public optim.Optimizer Stock { get; }

    public IReadOnlyList<Parameter> FusedParameters { get; }

    public IReadOnlyList<Parameter> StockParameters { get; }

    /// <summary>Largest difference of any weight between the two.</summary>
    public double LargestDifference()
    {
        using var scope = NewDisposeScope();
        return FusedParameters.Zip(StockParameters, (a, b) => (a - b).abs().max().ToDouble()).Max();
    }

    public void SetLearningRate(double value)
    {
        Fused.LearningRate = value;
        foreach (var group in Stock.ParamGroups)
            group.LearningRate = value;
    }

    public void Dispose()
    {
        Fused.Dispose();
        Stock.Dispose();
    }
}
