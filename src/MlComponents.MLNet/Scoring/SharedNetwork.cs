using System.Runtime.InteropServices;

namespace MlComponents.MLNet;

/// <summary>
/// A frozen network that several threads use at once. It is freed when it was disposed and the last of them is done. A forgotten one isn't touched: its
/// tensors have finalizers of their own, and who has the module still may use it.
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

        return Hold(() => network.call(features)).MoveToOuterDisposeScope();
    }

    /// <summary>Does something with the network while nobody frees it.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public T Hold<T>(Func<T> use)
    {
        var added = false;
        try
        {
            ObjectDisposedException.ThrowIf(isDisposed, typeof(TorchTransformer));
            DangerousAddRef(ref added);
            return use();
        }
        finally
        {
            if (added)
                DangerousRelease();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        isDisposed = true;
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle()
    {
        network.Dispose();
        return true;
    }
}
