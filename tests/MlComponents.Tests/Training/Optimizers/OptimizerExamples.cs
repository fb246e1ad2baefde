using TorchSharp.Modules;

namespace MlComponents.Tests.Training.Optimizers;

/// <summary>Every optimizer, with settings that all matter, and a few parameters to move.</summary>
internal static class OptimizerExamples
{
    public static IEnumerable<object[]> All => Definitions.Select(definition => new object[] { definition });

    public static IReadOnlyList<OptimizerDefinition> Definitions =>
    [
        new Sgd { LearningRate = 0.1 },
        new Sgd { LearningRate = 0.05, Momentum = 0.9, WeightDecay = 0.1, Nesterov = true },
        new Adam { Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-6, WeightDecay = 0.1 },
        new AdamW { WeightDecay = 0.1 },
        new NAdam { WeightDecay = 0.1, MomentumDecay = 0.05 },
        new NAdam { WeightDecay = 0.1, DecoupledWeightDecay = true },
        new RAdam { WeightDecay = 0.1 },
        new RAdam { WeightDecay = 0.1, DecoupledWeightDecay = true },
        new RmsProp { WeightDecay = 0.1 },
        new RmsProp { WeightDecay = 0.1, Momentum = 0.9, Centered = true },
        new Adagrad { WeightDecay = 0.1, LearningRateDecay = 0.1, InitialAccumulatorValue = 0.2 },
        new Lion { LearningRate = 0.01, WeightDecay = 0.1 },
        new Lamb { WeightDecay = 0.1 },
        new Lamb { WeightDecay = 0, AlwaysAdapt = true },
    ];

    /// <summary>Parameters that are the same for the same type.</summary>
    public static NamedParameter[] Parameters(ScalarType type = ScalarType.Float32)
    {
        using var generator = new Generator(4);
        return
        [
            new("body.weight", new(randn([4, 3], generator: generator).to(type))),
            new("body.bias", new(randn([4], generator: generator).to(type))),
            new("head.weight", new(randn([17], generator: generator).to(type))),
        ];
    }

    /// <summary>Takes steps whose gradients are a function of the step alone; the last parameter has none in the first steps.</summary>
    public static void Walk(Optimizer optimizer, IReadOnlyList<NamedParameter> parameters, int first, int last, int without = 4)
    {
        for (var step = first; step <= last; step++)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)step);
            optimizer.ZeroGradients();
            foreach (var (name, parameter) in parameters.Take(step <= without ? parameters.Count - 1 : parameters.Count))
                parameter.grad = randn(parameter.shape, generator: generator).to(parameter.dtype);
            optimizer.Step();
        }
    }
}
