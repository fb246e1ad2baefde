namespace MlComponents;

/// <summary>A block's place in the graph: its backward pass computes the block again.</summary>
internal sealed class RecomputedBlock : autograd.SingleTensorFunction<RecomputedBlock>
{
    private const string Call = "call";

    public override string Name => nameof(RecomputedBlock);

    /// <summary>Gives an output that was computed without a graph such a place.</summary>
    /// <param name="call">The call that computed it.</param>
    /// <param name="input">The block's input.</param>
    /// <param name="anchor">A tensor that requires a gradient and gets none.</param>
    /// <param name="output">The block's output.</param>
    public static Tensor Of(BlockCall call, Tensor input, Tensor anchor, Tensor output) => apply(input, anchor, call, new[] { output });   // in an array it isn't taken for an input

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_for_backward([(Tensor)vars[0]]);
        ctx.save_data(Call, vars[2]);
        ctx.set_materialize_grads(false);
        return ((Tensor[])vars[3])[0];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var gradient = grad_output;   // in a scope that ends after the whole pass, if in any

        var call = (BlockCall)ctx.get_data(Call);
        return [call.Owner.Backward(call, () => ctx.get_saved_variables()[0], gradient)!, null!, null!, null!];
    }
}
