namespace MlComponents;

/// <summary>One call of a block in a forward pass, from its beginning without a graph, and what it takes to call it once more in the same way.</summary>
/// <param name="owner">Whose block it is.</param>
/// <param name="block">The block.</param>
/// <param name="before">What the call begins with.</param>
/// <param name="precision">The numbers in which it computes.</param>
internal sealed class BlockCall(GradientCheckpoints owner, nn.Module<Tensor, Tensor> block, ForwardState before, PrecisionPolicy precision) : IDisposable
{
    [ThreadStatic]
    private static BlockCall? current;   // a backward pass has threads of its own on some devices

    private readonly IDisposable withoutGraph = no_grad();
    private bool isRepeating;

    /// <summary>The call within which this thread computes: for the first time, or once more. Null outside of all.</summary>
    public static BlockCall? Current => current;

    /// <summary>Whether this thread computes a block once more.</summary>
    public static bool IsRepeating => current is { isRepeating: true };

    public GradientCheckpoints Owner => owner;

    public nn.Module<Tensor, Tensor> Block => block;

    /// <summary>Begins the first time.</summary>
    /// <returns>This call.</returns>
    public BlockCall StartForward() => current = this;

    /// <summary>Lets graphs be built again.</summary>
    public void EndForward()
    {
        withoutGraph.Dispose();
        current = null;
    }

    /// <summary>Calls the block once more, now with a graph, and adds the gradients of its parameters to those that they have.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="gradient">The gradient of its output.</param>
    /// <returns>The gradient of the input, in no dispose scope; null where it needs none.</returns>
    public Tensor? Recompute(Tensor input, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var mode = enable_grad();
        using var now = before.Another();

        try
        {
            (current, isRepeating) = (this, true);
            before.Restore();
            var x = input.detach().requires_grad_(input.requires_grad);
            Forward(x).backward([gradient]);

            return x.grad?.DetachFromDisposeScope();
        }
        finally
        {
            (current, isRepeating) = (null, false);
            now.Restore();
        }
    }

    private Tensor Forward(Tensor x)
    {
        using var autocast = precision.Autocast();
        return block.call(x);
    }

    public void Dispose() => before.Dispose();
}
