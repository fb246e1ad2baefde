using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// The second bilateral segmentation network: a wide and shallow detail branch, a narrow and deep semantic branch, and a layer in which each guides the
/// other. It gives a score for each class and pixel.
/// </summary>
/// <remarks>
/// <para>
/// After Yu et al. (arXiv 2004.02147) in the form of CoinCheung's implementation, whose state-dict names it has (<c>detail</c>, <c>segment</c>, <c>bga</c>,
/// <c>head</c>, <c>aux2</c>, <c>aux3</c>, <c>aux4</c>, <c>aux5_4</c>), so that its weights fit.
/// </para>
/// <para>
/// From images [N, C, H, W] to logits [N, Outputs, H, W]. Height and width are multiples of 32. The auxiliary heads look at the semantic branch's maps;
/// their order in <see cref="IAuxiliaryHeads.Heads"/> is: main, 1/4, 1/8, 1/16, 1/32. Channel means are normalized as maps of 1x1, so that batch
/// normalization needs two images at least in train mode. With 19 classes it has 5,231,487 parameters, of which the auxiliary heads have 1,872,860.
/// </para>
/// <para>
/// Convolutions start from Kaiming's normal distribution of the variance 2/fan-out; the last scale of each gather-and-expansion layer starts at 0, so
/// that the layer starts as its shortcut.
/// </para>
/// </remarks>
public sealed record BiSeNetV2 : NetworkDefinition
{
    /// <summary>Whether there are auxiliary heads, which are trained and left out of predictions. Default: true; without them the network learns less.</summary>
    public bool AuxiliaryHeads { get; init; } = true;

    /// <summary>What follows each convolution; any kind but one that needs several positions, because there are maps of 1x1. Default: batch normalization.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <summary>Probability with which a hidden value of a head is zeroed in training. At least 0 and below 1; default 0.1.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.1;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The images aren't [C, H, W] with H and W multiples of 32.</exception>
    public override nn.Module Create(NetworkContext context) =>
        new BiSeNetV2Module(this, BiSeNetInput.Channels(this, context), context.Outputs);
}

/// <summary>The live <see cref="BiSeNetV2"/>.</summary>
internal sealed class BiSeNetV2Module : nn.Module<Tensor, Tensor>, IAuxiliaryHeads
{
    private readonly DetailBranch detail;
    private readonly SemanticBranch segment;
    private readonly BilateralGuidedAggregation bga;
    private readonly BiSeNetV2Head head;
    private readonly BiSeNetV2Head? aux2;
    private readonly BiSeNetV2Head? aux3;
    private readonly BiSeNetV2Head? aux4;
    private readonly BiSeNetV2Head? aux5_4;
    private readonly long channels;

    public BiSeNetV2Module(BiSeNetV2 options, long channels, long outputs) : base(nameof(BiSeNetV2Module))
    {
        this.channels = channels;
        detail = new(channels, options.Normalization);
        segment = new(channels, options.Normalization);
        bga = new(options.Normalization);
        head = new(options, 128, hidden: 1024, outputs, factor: 8);
        if (options.AuxiliaryHeads)
        {
            aux2 = Auxiliary(16, factor: 4);
            aux3 = Auxiliary(32, factor: 8);
            aux4 = Auxiliary(64, factor: 16);
            aux5_4 = Auxiliary(128, factor: 32);
        }
        RegisterComponents();
        Initial.Kaiming(this, nn.init.FanInOut.FanOut);

        BiSeNetV2Head Auxiliary(long inputs, int factor) => new(options, inputs, hidden: 128, outputs, factor, expanded: factor * factor);
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        return Main(x, Semantics(x)).MoveToOuterDisposeScope();         // [N, Outputs, H, W]
    }

    public IReadOnlyList<Tensor> Heads(Tensor x)
    {
        using var scope = NewDisposeScope();

        var maps = Semantics(x);
        List<Tensor> heads = [Main(x, maps)];                           // [N, Outputs, H, W] each
        heads.AddRange(new[] { aux2, aux3, aux4, aux5_4 }.OfType<BiSeNetV2Head>().Select((auxiliary, i) => auxiliary.call(maps[i])));

        scope.MoveToOuter(heads);
        return heads;
    }

    private Tensor[] Semantics(Tensor x)
    {
        BiSeNetInput.Check(nameof(BiSeNetV2), x, channels);
        return segment.call(x);
    }

    private Tensor Main(Tensor x, Tensor[] maps) => head.call(bga.call(detail.call(x), maps[^1]));
}
