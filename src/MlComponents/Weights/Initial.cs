using TorchSharp.Modules;

namespace MlComponents;

/// <summary>First values of weights, where they aren't those of PyTorch's layers.</summary>
internal static class Initial
{
    /// <summary>
    /// Draws the weights of every convolution inside a module from a normal distribution of the variance 2/((1 + slope²)·fan), and sets their biases to 0
    /// (He et al., arXiv 1502.01852).
    /// </summary>
    /// <param name="module">A registered module; its children come in the order of their registration, as in PyTorch.</param>
    /// <param name="fan">Whether the signal keeps its size forwards (the inputs of one output) or backwards (the outputs of one input).</param>
    /// <param name="slope">Slope of the rectifiers' negative side; 1 as if there were none.</param>
    /// <returns>The module.</returns>
    public static T Kaiming<T>(T module, nn.init.FanInOut fan, double slope = 0) where T : nn.Module
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        foreach (var part in module.modules())
        {
            var (weight, bias) = part switch
            {
                Conv2d convolution => (convolution.weight, convolution.bias),
                ConvTranspose2d convolution => (convolution.weight, convolution.bias),
                _ => (null, null),
            };
            if (weight is not null)
                nn.init.kaiming_normal_(weight, a: slope, mode: fan);
            bias?.zero_();
        }
        return module;
    }

    /// <summary>Draws the weights of every linear layer inside a module from a normal distribution around 0, and sets their biases to 0.</summary>
    /// <returns>The module.</returns>
    public static T NormalLinear<T>(T module, double deviation) where T : nn.Module
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        foreach (var linear in module.modules().OfType<Linear>())
        {
            nn.init.normal_(linear.weight, 0, deviation);
            linear.bias?.zero_();
        }
        return module;
    }

    /// <summary>Sets the scale of a normalization, its parameter <c>weight</c>, to 0. Without one it changes nothing.</summary>
    public static void ZeroScale(nn.Module normalization)
    {
        using var guard = no_grad();
        normalization.get_parameter("weight")?.zero_();
    }
}
