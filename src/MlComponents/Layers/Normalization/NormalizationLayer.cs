namespace MlComponents;

/// <summary>What live normalizations share: they check their input, and see its channels where their formula wants them.</summary>
/// <param name="kind">Name of the definition, for messages.</param>
/// <param name="channels">Channels C.</param>
/// <param name="dimensions">Dimensions after the channels; 0 means that the channels are the last one.</param>
/// <param name="axis">Where <see cref="Normalize"/> wants the channels: 1 or -1.</param>
internal abstract class NormalizationLayer(string kind, long channels, int dimensions, int axis) : nn.Module<Tensor, Tensor>($"{kind}Layer")
{
    private readonly int own = dimensions == 0 ? -1 : 1;

    /// <summary>Channels C.</summary>
    protected long Channels => channels;

    /// <summary>The formula.</summary>
    /// <param name="x">[N, C, ...] or [N, ..., C], as the constructor was told.</param>
    /// <returns>The same shape. The caller has a dispose scope.</returns>
    protected abstract Tensor Normalize(Tensor x);

    /// <summary>Checks the input as it was given.</summary>
    /// <exception cref="ArgumentException">It has another number of channels or dimensions, or can't be normalized so.</exception>
    protected virtual void Check(Tensor x)
    {
        var shape = x.shape;
        if (shape.Length < 2 || (dimensions > 0 && shape.Length != dimensions + 2) || shape[own == 1 ? 1 : ^1] != channels)
            throw LayerShapes.Unfit(kind, LayerShapes.ShowBatch(channels, dimensions), x);
    }

    /// <param name="x">[N, C, L], [N, C, H, W] or [N, C, D, H, W]; with 0 dimensions [N, ..., C].</param>
    /// <returns>The same shape.</returns>
    public sealed override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        Check(x);
        var y = own == axis ? Normalize(x) : Normalize(x.movedim([own], [axis])).movedim([axis], [own]);

        return y.MoveToOuterDisposeScope();
    }
}
