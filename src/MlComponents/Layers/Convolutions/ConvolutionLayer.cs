namespace MlComponents;

/// <summary>The live convolution of any kind: [N, C, ...] to [N, Channels, ...]. State-dict keys: <c>conv.weight</c>, <c>conv.bias</c>, <c>norm.weight</c> and so on.</summary>
internal sealed class ConvolutionLayer : nn.Module<Tensor, Tensor>, IMatrixProducts
{
    private readonly nn.Module<Tensor, Tensor> conv;
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly ConvolutionPlan plan;
    private readonly long[] padding;

    public ConvolutionLayer(ConvolutionPlan plan) : base(nameof(ConvolutionLayer))
    {
        this.plan = plan;
        padding = plan.Padding;
        norm = plan.Normalization.Create(plan.OutputShape);
        conv = plan.CreateConvolution();
        activation = plan.Activation?.Create() ?? nn.Identity();
        RegisterComponents();
    }

    long IMatrixProducts.MultiplyAdds(Func<nn.Module, IReadOnlyList<CallShapes>> calls) => calls(this).Sum(call => plan.OwnMultiplyAdds(call.Input));

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        plan.Check(x);
        var padded = padding.Length == 0 ? x : nn.functional.pad(x, padding, plan.PaddedWith);   // [N, C, ...]
        var y = norm.call(plan.Convolve(conv, padded));                                          // [N, Channels, ...]

        return activation.call(y).MoveToOuterDisposeScope();
    }
}
