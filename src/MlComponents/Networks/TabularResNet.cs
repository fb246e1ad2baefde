using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A residual network for rows of a table: blocks <c>x ← x + linear2(activation(linear1(norm(x))))</c> between a linear layer and a head.</summary>
/// <remarks>
/// After Gorishniy et al. (arXiv 2106.11959), section 3.2; defaults after the paper's. Features should be normalized. State-dict keys: <c>first</c>,
/// <c>blocks.0.norm</c>, <c>blocks.0.linear1</c>, <c>blocks.0.linear2</c>, <c>norm</c>, <c>head</c>. Weights start as PyTorch's layers do.
/// </remarks>
public sealed record TabularResNet : NetworkDefinition
{
    /// <summary>Numbers per row between the blocks. At least 1; default 192.</summary>
    [Range(1, int.MaxValue)]
    public int Width { get; init; } = 192;

    /// <summary>Blocks. At least 1; default 2.</summary>
    [Range(1, int.MaxValue)]
    public int Blocks { get; init; } = 2;

    /// <summary>Units inside a block per number between the blocks. Above 0 and at most 64; default 2.</summary>
    [Range(0.0, 64.0, MinimumIsExclusive = true)]
    public double HiddenFactor { get; init; } = 2;

    /// <summary>The normalization before each block and before the head. Default: <see cref="BatchNorm"/>.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <summary>Nonlinearity inside a block and before the head. Default: ReLU.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Probability with which a unit inside a block is zeroed in training. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Probability with which a number that a block adds is zeroed in training. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double ResidualDropout { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An example is a single number without a dimension.</exception>
    public override nn.Module Create(NetworkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.InputShape.Length == 0)
            throw new ArgumentException("TabularResNet needs examples of at least one dimension, but these are single numbers: give the features the shape [N, 1].");

        return new TabularResNetModule(this, context.InputSize, context.Outputs);
    }

    internal long Hidden => Math.Max(1, (long)(Width * HiddenFactor));
}

/// <summary>The live <see cref="TabularResNet"/>: [N, ...] to [N, Outputs].</summary>
internal sealed class TabularResNetModule : nn.Module<Tensor, Tensor>
{
    private readonly Linear first;
    private readonly Sequential blocks;
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly Linear head;
    private readonly long inputs;

    public TabularResNetModule(TabularResNet options, long inputs, long outputs) : base(nameof(TabularResNetModule))
    {
        this.inputs = inputs;
        first = nn.Linear(inputs, options.Width);
        blocks = nn.Sequential(Enumerable.Range(0, options.Blocks).Select(_ => new TabularResNetBlock(options)));
        norm = options.Normalization.Create(options.Width, dimensions: 0);
        activation = options.Activation.Create();
        head = nn.Linear(options.Width, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckNumbers(nameof(TabularResNet), x, inputs);
        using var scope = NewDisposeScope();

        var y = blocks.call(first.call(x.flatten(1)));                                  // [N, Width]

        return head.call(activation.call(norm.call(y))).MoveToOuterDisposeScope();      // [N, Outputs]
    }
}

/// <summary>One block of a <see cref="TabularResNet"/>: [N, Width] to the same shape.</summary>
internal sealed class TabularResNetBlock : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly Linear linear1;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly nn.Module<Tensor, Tensor> dropout;
    private readonly Linear linear2;
    private readonly nn.Module<Tensor, Tensor> residualDropout;

    public TabularResNetBlock(TabularResNet options) : base(nameof(TabularResNetBlock))
    {
        norm = options.Normalization.Create(options.Width, dimensions: 0);
        linear1 = nn.Linear(options.Width, options.Hidden);
        activation = options.Activation.Create();
        dropout = nn.Dropout(options.Dropout);
        linear2 = nn.Linear(options.Hidden, options.Width);
        residualDropout = nn.Dropout(options.ResidualDropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var units = dropout.call(activation.call(linear1.call(norm.call(x))));          // [N, Hidden]

        return (x + residualDropout.call(linear2.call(units))).MoveToOuterDisposeScope();   // [N, Width]
    }
}
