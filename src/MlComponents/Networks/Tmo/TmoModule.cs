namespace MlComponents;

/// <summary>The live <see cref="Tmo"/> with motion: image and flow, [N, 3, H, W] each, to logits [N, Outputs, H, W].</summary>
internal sealed class TmoModule : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Trunk appearance;
    private readonly Trunk motion;
    private readonly TmoDecoder decoder;
    private readonly int size;

    public TmoModule(Tmo options, long outputs) : base(nameof(TmoModule))
    {
        size = options.Size;
        appearance = options.CreateEncoder();
        motion = options.CreateEncoder();
        decoder = new(appearance.Channels, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image, Tensor flow)
    {
        using var scope = NewDisposeScope();
        if (!image.shape.SequenceEqual(flow.shape))
            throw new ArgumentException($"Tmo's inputs have the shapes image {Shown.Shape(image.shape)} and flow {Shown.Shape(flow.shape)}; they must be equal.");

        var still = appearance.Features(TmoInput.Prepare(Tmo.ImageName, image, size));
        var moving = motion.Features(TmoInput.Prepare(Tmo.FlowName, flow, size));
        Tensor[] sums = [.. still.Zip(moving, (a, m) => a + m)];                                                // [N, C, size/stride, size/stride] each
        var scores = decoder.call(sums);                                                                        // [N, Outputs, size, size]

        return Resize.Bicubic(scores, image.shape[2], image.shape[3]).MoveToOuterDisposeScope();                // [N, Outputs, H, W]
    }
}

/// <summary>The live <see cref="Tmo"/> without motion: images [N, 3, H, W] to logits [N, Outputs, H, W].</summary>
internal sealed class TmoImageModule : nn.Module<Tensor, Tensor>
{
    private readonly Trunk appearance;
    private readonly TmoDecoder decoder;
    private readonly int size;

    public TmoImageModule(Tmo options, long outputs) : base(nameof(TmoImageModule))
    {
        size = options.Size;
        appearance = options.CreateEncoder();
        decoder = new(appearance.Channels, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();

        var maps = appearance.Features(TmoInput.Prepare(Tmo.ImageName, image, size));             // [N, C, size/stride, size/stride] each
        var scores = decoder.call([.. maps]);                                                     // [N, Outputs, size, size]

        return Resize.Bicubic(scores, image.shape[2], image.shape[3]).MoveToOuterDisposeScope();  // [N, Outputs, H, W]
    }
}
