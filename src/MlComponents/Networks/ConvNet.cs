using System.ComponentModel.DataAnnotations;
using System.Numerics;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>One block of a <see cref="ConvNet"/>: convolutions of equal width, then max pooling.</summary>
public sealed record ConvBlock
{
    /// <summary>Output channels. At least 1; default 32.</summary>
    [Range(1, int.MaxValue)]
    public int Channels { get; init; } = 32;

    /// <summary>Convolutions in a row, each with padding that keeps the size. 1 to 16; default 1.</summary>
    [Range(1, 16)]
    public int Convolutions { get; init; } = 1;

    /// <summary>Height and width of the kernels, odd. 1 to 31; default 3.</summary>
    [Range(1, 31)]
    public int KernelSize { get; init; } = 3;

    /// <summary>
    /// What follows each convolution, before the activation; the convolution has a bias only where this doesn't replace it. Default: <see cref="BatchNorm"/>.
    /// </summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <summary>Height and width of the max pooling at the end, which is also its stride; 1 pools nothing. 1 to 16; default 2.</summary>
    [Range(1, 16)]
    public int Pool { get; init; } = 2;
}

/// <summary>A small convolutional classifier: blocks of convolutions with pooling, one hidden layer, a linear output.</summary>
/// <remarks>
/// It needs examples of shape [C, H, W]; with a flat vector, say so: <c>new ConvNet { InputShape = [1, 28, 28] }</c>. Weights start as PyTorch's
/// layers do.
/// </remarks>
public sealed record ConvNet : NetworkDefinition, IValidatableObject
{
    /// <summary>The blocks, 1 to 32 of them. Default: two, of 16 and 32 channels, each halving height and width.</summary>
    [Length(1, 32)]
    public IReadOnlyList<ConvBlock> Blocks { get; init; } = [new() { Channels = 16 }, new() { Channels = 32 }];

    /// <summary>Units of the hidden layer after the blocks. At least 1; default 128.</summary>
    [Range(1, int.MaxValue)]
    public int Hidden { get; init; } = 128;

    /// <summary>Nonlinearity after each convolution and the hidden layer. Default: ReLU.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Probability with which an input of the output layer is zeroed in training. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't [C, H, W], the blocks pool them away, or a normalization doesn't fit its channels.</exception>
    public override nn.Module Create(NetworkContext context)
    {
        var shape = MapShape.Of(this, context);
        if (Pooled(shape.Height) == 0 || Pooled(shape.Width) == 0)
            throw new ArgumentException(
                $"ConvNet's blocks pool by {string.Join(" times ", Blocks.Select(block => block.Pool))}, which leaves nothing of examples of {shape.Height} by {shape.Width}: "
                + $"use fewer blocks, a smaller Pool or examples of at least {Smallest} by {Smallest}.");

        return new ConvNetModule(this, shape, context.Outputs);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Blocks
        .Select((block, i) => (block.KernelSize, Index: i))
        .Where(block => block.KernelSize % 2 == 0)
        .Select(block => new ValidationResult($"Blocks[{block.Index}].KernelSize is {block.KernelSize}; allowed are odd numbers, so that padding can keep the size."));

    /// <summary>The smallest height and width, of which one position is left.</summary>
    private BigInteger Smallest => Blocks.Aggregate(BigInteger.One, (size, block) => size * block.Pool);

    /// <summary>What the blocks leave of a height or width.</summary>
    internal long Pooled(long size) => Blocks.Aggregate(size, (rest, block) => rest / block.Pool);
}

/// <summary>
/// The live <see cref="ConvNet"/>: [N, C, H, W] to [N, Outputs]. State-dict keys: <c>blocks.conv1_1.weight</c>, <c>blocks.norm1_1.weight</c>,
/// <c>hidden.weight</c>, <c>output.weight</c> and so on.
/// </summary>
internal sealed class ConvNetModule : nn.Module<Tensor, Tensor>
{
    private readonly Sequential blocks;
    private readonly Linear hidden;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly nn.Module<Tensor, Tensor> dropout;
    private readonly Linear output;
    private readonly ConvNet options;
    private readonly MapShape shape;

    public ConvNetModule(ConvNet options, MapShape shape, long outputs) : base(nameof(ConvNetModule))
    {
        this.options = options;
        this.shape = shape;
        var channels = shape.Channels;
        var parts = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (var b = 0; b < options.Blocks.Count; b++)
        {
            var block = options.Blocks[b];
            for (var c = 0; c < block.Convolutions; c++)
            {
                var name = $"{b + 1}_{c + 1}";
                parts.Add(($"conv{name}", nn.Conv2d(channels, block.Channels, block.KernelSize, padding: block.KernelSize / 2, bias: !block.Normalization.ReplacesBias)));
                parts.Add(($"norm{name}", block.Normalization.Create(block.Channels, dimensions: 2)));
                parts.Add(($"activation{name}", options.Activation.Create()));
                channels = block.Channels;
            }
            if (block.Pool > 1)
                parts.Add(($"pool{b + 1}", nn.MaxPool2d(block.Pool)));
        }

        blocks = nn.Sequential(parts);
        hidden = nn.Linear(channels * options.Pooled(shape.Height) * options.Pooled(shape.Width), options.Hidden);
        activation = options.Activation.Create();
        dropout = nn.Dropout(options.Dropout);
        output = nn.Linear(options.Hidden, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        if (x.dim() != 4 || x.shape[1] != shape.Channels || options.Pooled(x.shape[2]) != options.Pooled(shape.Height) || options.Pooled(x.shape[3]) != options.Pooled(shape.Width))
            throw LayerShapes.Unfit(nameof(ConvNet), $"[N, {string.Join(", ", shape.ToArray())}]", x);
        using var scope = NewDisposeScope();

        var maps = blocks.call(x);                                          // [N, channels, H', W']
        var units = activation.call(hidden.call(maps.flatten(1)));          // [N, Hidden]

        return output.call(dropout.call(units)).MoveToOuterDisposeScope();   // [N, Outputs]
    }
}
