using TorchSharp.Modules;

namespace MlComponents;

/// <summary>What the convolutional blocks are made of: convolutions that keep the size but for their stride, and the normalization after each.</summary>
internal static class BlockParts
{
    /// <summary>A convolution before a normalization: padded by half its kernel, with a bias unless the normalization replaces it.</summary>
    public static Conv2d Convolution(long inputs, long outputs, int kernel, NormalizationDefinition after, int stride = 1, long groups = 1) =>
        nn.Conv2d(inputs, outputs, kernel, stride, padding: kernel / 2, groups: groups, bias: !after.ReplacesBias);

    /// <summary>What such a convolution and its normalization add to a description.</summary>
    public static PartCount Count(long inputs, MapShape output, int kernel, NormalizationDefinition after, long groups = 1)
    {
        var (parameters, buffers) = after.Count(output.Channels);
        var weights = inputs / groups * output.Channels * kernel * kernel;
        return new(weights + (after.ReplacesBias ? 0 : output.Channels) + parameters, buffers, weights * output.Height * output.Width);
    }

    /// <summary>Such a convolution, its normalization and, unless it is null, an activation, named 0, 1 and 2 as in torchvision.</summary>
    public static Sequential NormalizedConvolution(
        long inputs, long outputs, int kernel, NormalizationDefinition normalization, Activation? activation, int stride = 1, long groups = 1)
    {
        List<nn.Module<Tensor, Tensor>> parts = [Convolution(inputs, outputs, kernel, normalization, stride, groups), normalization.Create(outputs, dimensions: 2)];
        if (activation is { } nonlinearity)
            parts.Add(nonlinearity.Create());
        return nn.Sequential(parts);
    }

    /// <summary>The way round a residual block that changes the shape: a strided 1x1 convolution, normalized. Null where the input itself can be added.</summary>
    public static Sequential? Shortcut(long inputs, long outputs, int stride, NormalizationDefinition normalization) =>
        HasShortcut(inputs, outputs, stride) ? NormalizedConvolution(inputs, outputs, kernel: 1, normalization, activation: null, stride) : null;

    /// <summary>Whether a residual block needs <see cref="Shortcut"/>.</summary>
    public static bool HasShortcut(long inputs, long outputs, int stride) => stride != 1 || inputs != outputs;

    /// <summary>The description of a block from the counts of its parts.</summary>
    public static ModuleDescription Describe(LayerDefinition definition, MapShape input, MapShape output, params IReadOnlyList<PartCount> parts) => new()
    {
        Kind = definition.GetType().Name, InputShape = input.ToArray(), OutputShape = output.ToArray(),
        Parameters = parts.Sum(part => part.Parameters), Buffers = parts.Sum(part => part.Buffers),
        MultiplyAdds = parts.Any(part => part.MultiplyAdds is null) ? null : parts.Sum(part => part.MultiplyAdds),
    };

    /// <summary>The multiple of a divisor that is nearest to a number of channels, but neither 0 nor less than 90% of it.</summary>
    public static long Divisible(double channels, int divisor)
    {
        var rounded = Math.Max(divisor, (long)(channels + divisor / 2.0) / divisor * divisor);
        return rounded < 0.9 * channels ? rounded + divisor : rounded;
    }
}

/// <summary>What a part adds to the description of its block.</summary>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="Buffers">Numbers in buffers.</param>
/// <param name="MultiplyAdds">Multiply-adds of one example; null where nobody can say.</param>
internal readonly record struct PartCount(long Parameters, long Buffers, long? MultiplyAdds)
{
    /// <summary>A part that isn't there.</summary>
    public static PartCount None { get; } = new(0, 0, 0);
}
