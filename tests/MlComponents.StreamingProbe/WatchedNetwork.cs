using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MlComponents.StreamingProbe;

/// <summary>A perceptron of one hidden layer that tells the first feature of each row it learns from.</summary>
internal sealed record WatchedNetwork : NetworkDefinition
{
    /// <summary>Hidden units.</summary>
    [Range(1, 1 << 16)]
    public int Hidden { get; init; } = 64;

    /// <summary>Called with the first features of a batch.</summary>
    [JsonIgnore]
    public Action<ReadOnlyMemory<float>>? OnBatch { get; init; }

    public override nn.Module Create(NetworkContext context) => new Module(new Mlp { Hidden = [Hidden] }.Create(context), OnBatch);

    private sealed class Module : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner;
        private readonly Action<ReadOnlyMemory<float>>? onBatch;

        public Module(nn.Module inner, Action<ReadOnlyMemory<float>>? onBatch) : base(nameof(WatchedNetwork))
        {
            this.inner = (nn.Module<Tensor, Tensor>)inner;
            this.onBatch = onBatch;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();

            if (training && onBatch is not null)
                onBatch(x.select(1, 0).data<float>().ToArray());   // [N, C] to [N]
            return inner.call(x).MoveToOuterDisposeScope();
        }
    }
}
