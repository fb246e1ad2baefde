namespace MlComponents.Tests.Data;

/// <summary>Augmentations for the tests that hold for all, and batches for them.</summary>
internal static class AugmentationExamples
{
    public static readonly long[] Shape = [2, 9, 8];

    public static readonly IReadOnlyDictionary<string, long[]> Shapes = ShapesOf(Shape, []);

    /// <summary>Those that change an example without a look at others.</summary>
    public static IReadOnlyList<AugmentationDefinition> Images =>
    [
        new RandomCrop(), new RandomCrop { Reflect = true, Padding = 3 }, new RandomFlip(), new RandomFlip { Horizontal = 0, Vertical = 0.5 }, new RandomAffine(), new RandomErasing(),
    ];

    public static IReadOnlyList<AugmentationDefinition> Mixing => [new MixUp(), new CutMix()];

    public static IReadOnlyList<AugmentationDefinition> All => [.. Images, .. Mixing];

    public static IReadOnlyDictionary<string, long[]> ShapesOf(long[] features, long[] label) =>
        new Dictionary<string, long[]> { [Batch.FeaturesName] = features, [Batch.LabelName] = label };

    /// <summary>Images, labelled with their numbers, which fill them too.</summary>
    public static TensorDataset Numbered(int count)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        return new TensorDataset(rand([count, .. Shape], generator: generator), arange(count));
    }

    /// <summary>What augmentations make of some examples.</summary>
    public static Batch Apply(MapDataset data, long[] indices, int epoch, int seed, params AugmentationDefinition[] definitions) =>
        new Augmenter(definitions, seed, data.Shapes).Apply(data.Gather(indices), indices, epoch);

    /// <summary>What an augmentation makes of as many copies of one image, each with random numbers of its own; in the caller's dispose scope.</summary>
    public static Tensor ApplyToCopies(AugmentationDefinition definition, Tensor image, int copies)
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(image.unsqueeze(0).repeat([copies, 1, 1, 1]), zeros(copies, ScalarType.Int64));
        using var batch = Apply(data, [.. Enumerable.Range(0, copies).Select(i => (long)i)], epoch: 1, seed: 1, definition);
        return batch.Features.clone().MoveToOuterDisposeScope();
    }

    /// <summary>An image whose two channels are each pixel's distance from the centre, to the right and downwards.</summary>
    public static Tensor Places(long height, long width)
    {
        using var scope = NewDisposeScope();
        var right = (arange(width) - (width - 1) / 2.0).to(ScalarType.Float32).view(1, width).expand(height, width);
        var down = (arange(height) - (height - 1) / 2.0).to(ScalarType.Float32).view(height, 1).expand(height, width);
        return stack([right, down]).MoveToOuterDisposeScope();                             // [2, H, W]
    }
}
