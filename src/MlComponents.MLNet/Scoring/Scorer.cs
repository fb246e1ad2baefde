using System.Runtime.InteropServices;

namespace MlComponents.MLNet;

/// <summary>Features to scores with a trained network. Safe to use from several threads.</summary>
internal sealed class Scorer : IDisposable
{
    private readonly SharedNetwork network;
    private readonly NetworkContext context;
    private readonly TorchTask task;

    /// <exception cref="ArgumentException">The network has another signature than from one tensor to one.</exception>
    public Scorer(TorchModel model, int batchSize)
    {
        context = model.Context;
        task = model.Task;
        BatchSize = batchSize;
        network = new SharedNetwork(model.Network as nn.Module<Tensor, Tensor>
            ?? throw new ArgumentException(
                $"The network {model.Network.GetName()} must be a Module<Tensor, Tensor> from features to scores to be used in a pipeline.", nameof(model)));
    }

    /// <summary>Largest number of rows in one pass.</summary>
    public int BatchSize { get; }

    /// <summary>Scores per row.</summary>
    public int Width => (int)context.Outputs;

    public FeatureBuffer CreateBuffer(DataViewRow row, DataViewSchema.Column features, int capacity) => new(row, features, capacity, context.InputShape);

    /// <summary>Scores the first rows of a buffer in one pass of the network.</summary>
    /// <param name="buffer">The features.</param>
    /// <param name="count">Rows in it, at least 1.</param>
    /// <param name="firstRow">Number of its first row, for messages.</param>
    /// <param name="scores">Room for <paramref name="count"/> × <see cref="Width"/> scores.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="InvalidOperationException">The network failed; the message names the rows.</exception>
    public void Score(FeatureBuffer buffer, int count, long firstRow, Span<float> scores)
    {
        using var scope = NewDisposeScope();
        try
        {
            using var guard = no_grad();
            var output = network.Call(buffer.Take(count).to(context.Device));
            if (output.numel() != (long)count * Width)
                throw new InvalidOperationException($"it returned [{string.Join(", ", output.shape)}] where [{count}, {Width}] is needed");
            var result = task.Scores(output).to(ScalarType.Float32).cpu().contiguous();   // [N, Width]
            MemoryMarshal.Cast<byte, float>(result.bytes).CopyTo(scores);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            throw new InvalidOperationException($"The network failed on the rows {firstRow} to {firstRow + count - 1}, counted from 0: {e.Message}", e);
        }
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
