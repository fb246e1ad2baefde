using System.Runtime.InteropServices;

namespace MlComponents.MLNet;

/// <summary>Features to scores with a trained network. Safe to use from several threads.</summary>
internal sealed class Scorer : IDisposable
{
    private readonly SharedNetwork network;
    private readonly NetworkContext context;

    /// <exception cref="ArgumentException">The network has another signature than from one tensor to one.</exception>
    public Scorer(TorchModel model, int batchSize)
    {
        context = model.Context;
        Task = model.Task;
        BatchSize = batchSize;
        network = new SharedNetwork(model.Network as nn.Module<Tensor, Tensor>
            ?? throw new ArgumentException(
                $"The network {model.Network.GetName()} must be a Module<Tensor, Tensor> from features to scores to be used in a pipeline.", nameof(model)));
    }

    /// <summary>Largest number of rows in one pass.</summary>
    public int BatchSize { get; }

    /// <summary>Scores per row.</summary>
    public int Width => (int)context.Outputs;

    /// <summary>Shape of one row for the network.</summary>
    public long[] InputShape => context.InputShape;

    public TorchTask Task { get; }

    /// <summary>Scores rows in one pass of the network.</summary>
    /// <param name="features">The features, [N, ...InputShape], on the CPU.</param>
    /// <param name="scores">Room for N × <see cref="Width"/> scores.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Score(Tensor features, Span<float> scores)
    {
        using var scope = NewDisposeScope();

        var count = features.shape[0];
        var output = network.Call(features.to(context.DType, context.Device));
        if (output.numel() != count * Width)
            throw new InvalidOperationException($"it returned [{string.Join(", ", output.shape)}] where [{count}, {Width}] is needed");
        var result = Task.Scores(output.to(ScalarType.Float32)).cpu().contiguous();   // [N, Width]
        MemoryMarshal.Cast<byte, float>(result.bytes).CopyTo(scores);
    }

    public bool IsDisposed => network.IsDisposed;

    /// <summary>Does something while the network isn't freed, though others may dispose it.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed before.</exception>
    public void Hold(Action action) => network.Hold(() =>
    {
        action();
        return true;
    });

    public void Dispose() => network.Dispose();
}
