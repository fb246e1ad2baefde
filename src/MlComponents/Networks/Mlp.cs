using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A multilayer perceptron: linear layers with optional normalization, an activation and optional dropout between them, over the flattened input.</summary>
/// <remarks>Weights start as PyTorch's layers do: uniform in ±1/√inputs.</remarks>
public sealed record Mlp : NetworkDefinition
{
    /// <summary>Units of each hidden layer, each at least 1; none makes a linear model. Default: one layer of 128.</summary>
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> Hidden { get; init; } = [128];

    /// <summary>
    /// What normalizes the units of each hidden layer before the activation; the layer has a bias only where this doesn't replace it. Default: <see cref="NoNormalization"/>.
    /// </summary>
    public NormalizationDefinition Normalization { get; init; } = new NoNormalization();

    /// <summary>Nonlinearity after each hidden layer. Default: ReLU.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Probability with which a hidden unit is zeroed in training. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An example is a single number without a dimension, or the normalization doesn't fit the units.</exception>
    public override nn.Module Create(NetworkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.InputShape.Length == 0)
            throw new ArgumentException("Mlp needs examples of at least one dimension, but these are single numbers: give the features the shape [N, 1].");

        return new MlpModule(this, context.InputSize, context.Outputs);
    }
}

/// <summary>The live <see cref="Mlp"/>: [N, ...] to [N, Outputs]. State-dict keys: <c>layers.linear1.weight</c>, <c>layers.norm1.weight</c> and so on, last <c>layers.output.bias</c>.</summary>
internal sealed class MlpModule : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;
    private readonly long inputs;

    public MlpModule(Mlp options, long inputs, long outputs) : base(nameof(MlpModule))
    {
        this.inputs = inputs;
        var parts = new List<(string, nn.Module<Tensor, Tensor>)>();
        var width = inputs;
        for (var i = 0; i < options.Hidden.Count; i++)
        {
            parts.Add(($"linear{i + 1}", nn.Linear(width, options.Hidden[i], hasBias: !options.Normalization.ReplacesBias)));
            parts.Add(($"norm{i + 1}", options.Normalization.Create(options.Hidden[i], dimensions: 0)));
            parts.Add(($"activation{i + 1}", options.Activation.Create()));
            if (options.Dropout > 0)
                parts.Add(($"dropout{i + 1}", nn.Dropout(options.Dropout)));
            width = options.Hidden[i];
        }
        parts.Add(("output", nn.Linear(width, outputs)));

        layers = nn.Sequential(parts);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckNumbers(nameof(Mlp), x, inputs);
        using var scope = NewDisposeScope();

        return layers.call(x.flatten(1)).MoveToOuterDisposeScope();   // [N, Outputs]
    }
}
