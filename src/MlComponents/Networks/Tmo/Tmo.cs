using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>The encoders that <see cref="Tmo"/> can have.</summary>
public enum TmoEncoder
{
    /// <summary>A <see cref="ResNet"/> of the depth 101.</summary>
    ResNet101,

    /// <summary>The Mix Transformer B1 of SegFormer (Xie et al., arXiv 2105.15203).</summary>
    MitB1,
}

/// <summary>
/// A network for the main object of a video, TMO ("treating motion as option"): one encoder sees the frame, another one of the same form the optical flow,
/// or the frame again where there is no flow; the sum of both is decoded to a score for each class and pixel.
/// </summary>
/// <remarks>
/// <para>
/// After Cho et al. (arXiv 2209.03138; the selection of outputs: arXiv 2309.14786). Inputs, both [N, 3, H, W] in 0 to 1: <c>image</c>, RGB, and <c>flow</c>,
/// optical flow as an RGB picture; frames of a video are rows of the batch. Output: logits [N, Outputs, H, W], 2 outputs for background and object. Any
/// height and width will do: inside, both inputs are resized to <see cref="Size"/> and the scores back, bicubically without aligned corners. The means and
/// deviations of ImageNet's colours are subtracted and divided by inside, too.
/// </para>
/// <para>
/// Training with motion as an option ("collaborative learning"): rows that have no flow are given the image in its place, see <see cref="MotionInput"/>. In
/// prediction <see cref="Select"/> decodes each frame with and without its flow and keeps what the network is surer of.
/// </para>
/// <para>
/// State-dict names are our own: <c>appearance</c> and <c>motion</c>, the encoders (inside torchvision's names <c>conv1</c>, <c>bn1</c>,
/// <c>layer1</c> to <c>layer4</c>, or SegFormer's <c>patch_embed1</c>, <c>block1</c>, <c>norm1</c> and so on to 4); <c>decoder.fuse4</c> to <c>fuse1</c>, a 1x1 convolution of the
/// encoders' sum at the strides 32, 16, 8 and 4; <c>decoder.blend4</c> to <c>blend1</c>, the 3x3 convolution after it, which from the second on takes the
/// stage before too; <c>decoder.attention4</c> to <c>attention1</c>, each a <see cref="Cbam"/>; <c>decoder.predict</c>. <see cref="TmoNames"/> has the
/// table from the names of the authors' code to these.
/// </para>
/// <para>
/// Parameters with 2 outputs: 93,007,238 with ResNet-101 (42,500,160 for each encoder, 8,006,918 for the decoder), 33,588,870 with MiT-b1 (13,151,424 each
/// and 7,286,022). The decoder's convolutions start from Kaiming's uniform distribution of the variance 2/fan-in with biases 0.
/// </para>
/// </remarks>
public sealed record Tmo : NetworkDefinition, IValidatableObject
{
    /// <summary>Name of the input with the frames.</summary>
    public const string ImageName = "image";

    /// <summary>Name of the input with the optical flow.</summary>
    public const string FlowName = "flow";

    // The encoders halve the size five times.
    private const int Factor = 32;

    /// <summary>What finds the features of frames and flow. Default: ResNet-101.</summary>
    [EnumDataType(typeof(TmoEncoder))]
    public TmoEncoder Encoder { get; init; } = TmoEncoder.ResNet101;

    /// <summary>Whether there is a second encoder and an input <c>flow</c> for it. Default: true.</summary>
    public bool Motion { get; init; } = true;

    /// <summary>Height and width to which the inputs are resized, in pixels, a multiple of 32. 32 to 8,192; default 384.</summary>
    [Range(32, 8192)]
    public int Size { get; init; } = 384;

    /// <summary>What follows each convolution of ResNet-101; the decoder has none and MiT-b1 its own layer normalization. Default: batch normalization.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <summary>
    /// Whether the encoders' batch normalization uses its running statistics in training too, and leaves them as they are; scale and shift are trained all the same.
    /// Right for encoders that start from trained weights. Default: true.
    /// </summary>
    public bool FrozenStatistics { get; init; } = true;

    /// <summary><c>image</c> and <c>flow</c>, or <c>image</c> alone without <see cref="Motion"/>.</summary>
    public override IReadOnlyList<string> InputNames => Motion ? [ImageName, FlowName] : [ImageName];

    /// <inheritdoc/>
    /// <returns>A <c>Module&lt;Tensor, Tensor, Tensor&gt;</c> from image and flow, or without <see cref="Motion"/> a <c>Module&lt;Tensor, Tensor&gt;</c> from images, to logits [N, Outputs, H, W].</returns>
    /// <exception cref="ArgumentException">An input isn't [3, H, W], both differ, or <see cref="Size"/> is no multiple of 32.</exception>
    /// <exception cref="InvalidOperationException">An input is missing.</exception>
    public override nn.Module Create(NetworkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var shapes = InputNames.Select(name => MapShape.Of(nameof(Tmo), InputShape ?? context.ShapeOf(name))).ToList();
        if (shapes.Any(shape => shape.Channels != 3 || shape != shapes[0]))
            throw new ArgumentException(
                $"Tmo needs inputs of three channels and equal size, but these are {string.Join(" and ", InputNames.Zip(shapes, (name, shape) => $"{name} {Shown.Shape(shape.ToArray())}"))}: "
                + "give frames as RGB, and optical flow as an RGB picture of the same size.");
        new MapShape(3, Size, Size).MultiplesOf($"{nameof(Tmo)}.{nameof(Size)}", Factor);

        return Motion ? new TmoModule(this, context.Outputs) : new TmoImageModule(this, context.Outputs);
    }

    /// <summary>Builds an encoder for RGB pictures, with maps at the strides 4, 8, 16 and 32.</summary>
    internal Trunk CreateEncoder() => Encoder == TmoEncoder.MitB1
        ? new MixTransformer(channels: 3)
        : new ResNet { Depth = 101, Normalization = Normalization }.CreateTrunk(channels: 3, FrozenStatistics);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Size % Factor == 0 ? [] :
        [new ValidationResult($"Size is {Size}; allowed are multiples of {Factor}, e.g. {Size / Factor * Factor}.")];

    /// <summary>What the motion encoder is given in training: the flow of rows that have one, the image of those that haven't.</summary>
    /// <param name="image">[N, 3, H, W].</param>
    /// <param name="flow">[N, 3, H, W]; anything in rows without flow.</param>
    /// <param name="hasFlow">Which rows have a flow, bool [N].</param>
    /// <returns>[N, 3, H, W].</returns>
    public static Tensor MotionInput(Tensor image, Tensor flow, Tensor hasFlow)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(hasFlow);
        using var scope = NewDisposeScope();

        return where(hasFlow.view(-1, 1, 1, 1), flow, image).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How sure a network is of its scores: <c>√Σ(0.1 − p)²</c> over the classes and pixels whose probability p, the softmax over the classes, is below 0.1.
    /// </summary>
    /// <param name="logits">[N, Outputs, H, W].</param>
    /// <returns>One number for each frame, [N]; larger is surer.</returns>
    public static Tensor Confidence(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = NewDisposeScope();

        var below = (0.1 - logits.softmax(dim: 1)).clamp(min: 0);                    // [N, Outputs, H, W]

        return below.square().sum([1, 2, 3]).sqrt().MoveToOuterDisposeScope();       // [N]
    }

    /// <summary>
    /// Adaptive output selection: scores each frame twice, the motion encoder seeing the flow and seeing the image, and keeps for the whole frame the scores
    /// with the larger <see cref="Confidence"/>; the flow's where both are equal.
    /// </summary>
    /// <param name="network">A network built with <see cref="Motion"/>, in eval mode.</param>
    /// <param name="image">[N, 3, H, W], in 0 to 1.</param>
    /// <param name="flow">[N, 3, H, W], in 0 to 1.</param>
    /// <returns>Logits [N, Outputs, H, W].</returns>
    /// <exception cref="ArgumentException">The network is in train mode.</exception>
    public static Tensor Select(nn.Module<Tensor, Tensor, Tensor> network, Tensor image, Tensor flow)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.training)
            throw new ArgumentException("Outputs are selected in predictions, but the network is in train mode: call eval() first.", nameof(network));
        using var scope = NewDisposeScope();

        var (moving, still) = (network.call(image, flow), network.call(image, image));     // [N, Outputs, H, W] each
        var surer = Confidence(still) > Confidence(moving);                                // [N]

        return where(surer.view(-1, 1, 1, 1), still, moving).MoveToOuterDisposeScope();    // [N, Outputs, H, W]
    }
}
