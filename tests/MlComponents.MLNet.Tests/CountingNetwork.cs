namespace MlComponents.MLNet.Tests;

/// <summary>A linear network that counts its passes and can be told to fail.</summary>
internal sealed class CountingNetwork
{
    private int calls;

    public int Calls => calls;

    public List<long> BatchSizes { get; } = [];

    public bool Fails { get; set; }

    public nn.Module Create(NetworkContext context) => new Module(this, context);

    public void Reset()
    {
        calls = 0;
        BatchSizes.Clear();
    }

    private sealed class Module : nn.Module<Tensor, Tensor>
    {
        private readonly CountingNetwork owner;
        private readonly TorchSharp.Modules.Linear linear;

        public Module(CountingNetwork owner, NetworkContext context) : base("counting")
        {
            this.owner = owner;
            linear = nn.Linear(context.InputSize, context.Outputs);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            if (owner.Fails)
                throw new InvalidOperationException("told to fail");
            Interlocked.Increment(ref owner.calls);
            lock (owner.BatchSizes)
                owner.BatchSizes.Add(x.shape[0]);
            return linear.call(x);
        }
    }
}
