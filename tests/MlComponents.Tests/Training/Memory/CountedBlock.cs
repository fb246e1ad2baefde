namespace MlComponents.Tests.Training.Memory;

/// <summary>A layer around another one that counts the calls and can do something before each.</summary>
internal sealed class CountedBlock : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> inner;
    private readonly Action<int, Tensor> beforeCall;

    /// <param name="inner">The layer inside.</param>
    /// <param name="beforeCall">Is told the number of the call, from 1, and the input.</param>
    public CountedBlock(nn.Module<Tensor, Tensor> inner, Action<int, Tensor>? beforeCall = null) : base(nameof(CountedBlock))
    {
        this.inner = inner;
        this.beforeCall = beforeCall ?? ((_, _) => { });
        RegisterComponents();
    }

    public int Calls { get; private set; }

    public override Tensor forward(Tensor x)
    {
        beforeCall(++Calls, x);
        return inner.call(x);
    }
}
