namespace MlComponents;

/// <summary>A network without a head that gives maps of several sizes, as a part of other networks: [N, C, H, W] to the smallest map.</summary>
internal abstract class Trunk(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Whether it stays in eval mode, so that batch normalization uses its running statistics in training too. The weights are trained all the same.</summary>
    public bool Frozen
    {
        get;
        init
        {
            field = value;
            train(training);
        }
    }

    /// <summary>Channels of the maps that <see cref="Features"/> gives.</summary>
    public abstract IReadOnlyList<long> Channels { get; }

    /// <summary>Maps of four sizes, the largest first.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <returns>[N, Channels, H/stride, W/stride] each.</returns>
    public abstract IReadOnlyList<Tensor> Features(Tensor x);

    public override void train(bool train = true) => base.train(train && !Frozen);
}
