namespace MlComponents;

/// <summary>What a forward pass changes besides gradients: the random generator and the network's buffers. With it a step that failed before it moved a weight is undone.</summary>
internal sealed class StepSnapshot(nn.Module network) : IDisposable
{
    private readonly Tensor[] buffers = [.. network.buffers()];
    private readonly Tensor[] copies = [.. network.buffers().Select(buffer => buffer.detach().clone().DetachFromDisposeScope())];
    private Tensor? generator;

    public void Take()
    {
        using var mode = no_grad();
        generator?.Dispose();
        generator = random.get_rng_state().DetachFromDisposeScope();
        for (var i = 0; i < buffers.Length; i++)
            copies[i].copy_(buffers[i]);
    }

    public void Restore()
    {
        using var mode = no_grad();
        random.set_rng_state(generator!);
        for (var i = 0; i < buffers.Length; i++)
            buffers[i].copy_(copies[i]);
    }

    public void Dispose()
    {
        generator?.Dispose();
        foreach (var copy in copies)
            copy.Dispose();
    }
}
