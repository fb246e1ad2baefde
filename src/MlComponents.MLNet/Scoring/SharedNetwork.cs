using System.Runtime.InteropServices;

namespace MlComponents.MLNet;

/// <summary>
/// A frozen network that several threads use at once. It is freed when it was disposed and the last of them is done, or by its finalizer when it was
/// forgotten.
/// </summary>
internal sealed class SharedNetwork : SafeHandle
{
    private readonly nn.Module<Tensor, Tensor> network;
    private volatile bool isDisposed;

    public SharedNetwork(nn.Module<Tensor, Tensor> network) : base(invalidHandleValue: 0, ownsHandle: true)
    {
        this.network = network;
        network.eval();
        foreach (var parameter in network.parameters())
            parameter.requires_grad = false;
        foreach (var tensor in network.state_dict().Values)
            tensor.DetachFromDisposeScope();
        SetHandle(1);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Whether it was disposed, though some may still be using it.</summary>
    public bool IsDisposed => isDisposed;

    /// <summary>Runs the network without recording gradients.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Tensor Call(Tensor features)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        var added = false;
        try
        {
            ObjectDisposedException.ThrowIf(isDisposed, typeof(TorchTransformer));
            DangerousAddRef(ref added);
            return network.call(features).MoveToOuterDisposeScope();
        }
        finally
        {
            if (added)
                DangerousRelease();
        }
    }

    protected override void Dispose(bool disposing)
    {
        isDisposed = true;
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle()
    {
        network.Dispose();
        return true;
    }
}
