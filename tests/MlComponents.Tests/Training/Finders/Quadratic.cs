namespace MlComponents.Tests.Training.Finders;

/// <summary>
/// One weight w, which is 1 in the beginning and should be 0: the loss w² has the gradient 2w, so that a step of plain gradient descent multiplies the weight by 1 − 2·rate. It shrinks
/// at rates below 1, is gone at once at 0.5, and grows at rates above 1.
/// </summary>
internal static class Quadratic
{
    /// <summary>The rate above which the weight grows.</summary>
    public const double Diverges = 1;

    public static readonly NetworkDefinition Network = NetworkDefinition.From(_ => new WeightModule());

    public static TrainerOptions Options => new() { BatchSize = 4, Seed = 1, Device = "cpu", Optimizer = new Sgd() };

    public static TensorDataset Rows(int count = 64)
    {
        using var scope = NewDisposeScope();
        return new TensorDataset(ones(count, 1), zeros(count, 1));
    }

    public static Objective Objective => Objective.Regression(new MeanSquaredError());

    /// <summary>What TorchSharp's count of tensors grows by when a network is built and freed again: it counts what a parameter is made of twice.</summary>
    public static long CountedByBuilding()
    {
        var before = TensorAssert.LiveCount();
        Network.Create(NetworkContext.Of([1], 1)).Dispose();
        return TensorAssert.LiveCount() - before;
    }

    private sealed class WeightModule : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter weight;   // [1, 1]

        public WeightModule() : base(nameof(WeightModule))
        {
            weight = MlComponents.Weights.Of(ones(1, 1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return (x * weight).MoveToOuterDisposeScope();   // [N, 1]
        }
    }
}
