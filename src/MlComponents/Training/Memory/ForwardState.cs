namespace MlComponents;

/// <summary>What a forward pass in train mode reads and changes besides its result: random generators, and buffers such as the running statistics of batch norm.</summary>
/// <remarks>TorchSharp can't read the state of CUDA's generators: they are seeded by the CPU's when the state is taken, and in the same way when it is put back.</remarks>
internal sealed class ForwardState : IDisposable
{
    private readonly IReadOnlyList<Tensor> buffers;
    private readonly Device device;
    private readonly Tensor[] values;
    private readonly Tensor generator;
    private readonly long? seed;

    /// <summary>Copies the state as it is now.</summary>
    /// <param name="buffers">Tensors that the pass may change.</param>
    /// <param name="device">Where the pass runs.</param>
    public ForwardState(IReadOnlyList<Tensor> buffers, Device device)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        if (device.type == DeviceType.CUDA)
        {
            seed = randint(int.MaxValue, [1], ScalarType.Int64).item<long>();
            cuda.manual_seed_all(seed.Value);
        }
        (this.buffers, this.device) = (buffers, device);
        values = [.. buffers.Select(buffer => buffer.clone().DetachFromDisposeScope())];
        generator = DefaultGenerator.GetState().DetachFromDisposeScope();
    }

    /// <summary>Copies the state of the same things as it is now.</summary>
    public ForwardState Another() => new(buffers, device);

    /// <summary>Makes the state what it was, as often as wanted.</summary>
    public void Restore()
    {
        using var mode = no_grad();

        foreach (var (buffer, value) in buffers.Zip(values))
            buffer.copy_(value);
        if (seed is { } given)
            cuda.manual_seed_all(given);
        DefaultGenerator.SetState(generator);
    }

    /// <summary>Frees the copies.</summary>
    public void Dispose()
    {
        foreach (var value in values)
            value.Dispose();
        generator.Dispose();
    }
}
