using TorchSharp.Modules;

namespace MlComponents.Benchmarks.Training;

/// <summary>An optimizer's step alone, over the parameters of an MLP with constant gradients: ours against TorchSharp's own, or against a plain one where it has none.</summary>
internal sealed class OptimizerSteps : Benchmark
{
    private const int Steps = 200;

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Optimizer ours;
    private readonly Action other;

    /// <param name="definition">Our optimizer.</param>
    /// <param name="other">The other's step, for its own copy of the parameters.</param>
    /// <param name="of">Whose it is.</param>
    public OptimizerSteps(OptimizerDefinition definition, Func<Parameter[], Action> other, string of = "TorchSharp's")
    {
        Name = $"Step of {definition.GetType().Name}{(definition is Sgd { Momentum: > 0 } or RmsProp { Momentum: > 0 } ? " with momentum" : "")} against {of}, MLP 512-256";
        ours = definition.Create(Parameters());
        this.other = other(Parameters());
    }

    public override string Name { get; }

    public override string Unit => "step";

    public override double Aim => 1;

    /// <summary>Every optimizer with its defaults.</summary>
    public static IEnumerable<Func<Benchmark>> All =>
    [
        () => new OptimizerSteps(new Sgd(), parameters => Step(optim.SGD(parameters, 1e-3))),
        () => new OptimizerSteps(new Sgd { Momentum = 0.9 }, parameters => Step(optim.SGD(parameters, 1e-3, 0.9))),
        () => new OptimizerSteps(new Adam(), parameters => Step(optim.Adam(parameters))),
        () => new OptimizerSteps(new AdamW(), parameters => Step(optim.AdamW(parameters))),
        () => new OptimizerSteps(new NAdam(), parameters => Step(optim.NAdam(parameters))),
        () => new OptimizerSteps(new RAdam(), parameters => Step(optim.RAdam(parameters))),
        () => new OptimizerSteps(new RmsProp(), parameters => Step(optim.RMSProp(parameters))),
        () => new OptimizerSteps(new RmsProp { Momentum = 0.9 }, parameters => Step(optim.RMSProp(parameters, momentum: 0.9))),
        () => new OptimizerSteps(new Adagrad(), parameters => Step(optim.Adagrad(parameters))),
        () => new OptimizerSteps(new Lion(), PlainOptimizers.Lion, "a plain loop"),
        () => new OptimizerSteps(new Lamb(), PlainOptimizers.Lamb, "a plain loop"),
    ];

    public override Measurement RunOurs() => Measurement.Of(Steps, () => Repeat(ours.Step));

    public override Measurement RunOther() => Measurement.Of(Steps, () => Repeat(other));

    public override void Dispose()
    {
        ours.Dispose();
        scope.Dispose();
    }

    private static Action Step(optim.Optimizer optimizer) => () => optimizer.step();

    private static void Repeat(Action step)
    {
        for (var i = 0; i < Steps; i++)
        {
            using var inner = NewDisposeScope();
            step();
        }
    }

    private static Parameter[] Parameters()
    {
        manual_seed(1);
        var network = (nn.Module<Tensor, Tensor>)new Mlp { Hidden = [512, 256] }.Create(NetworkContext.Of([784], 10));
        Parameter[] parameters = [.. network.parameters()];
        foreach (var parameter in parameters)
            parameter.grad = 0.01f * randn_like(parameter);
        return parameters;
    }
}
