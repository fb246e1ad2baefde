namespace MlComponents;

/// <summary>An augmentation of images, [N, C, H, W], that leaves their labels as they are.</summary>
internal abstract class ImageAugmentation(string owner) : Augmentation
{
    public sealed override Batch Apply(Batch batch, ExampleRandom random)
    {
        var images = batch.Features;
        if (images.dim() != 4)
            throw new ArgumentException($"{owner} needs images [N, C, H, W], but these have the shape {Shown.Shape(images.shape)}.", nameof(batch));
        return batch.Set(Batch.FeaturesName, Change(images, random));
    }

    /// <summary>Changes each image by random numbers of its own.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="random">Random numbers for each.</param>
    /// <returns>[N, C, H, W], in the caller's dispose scope.</returns>
    protected abstract Tensor Change(Tensor images, ExampleRandom random);

    /// <summary>Reads the shape of one image.</summary>
    /// <param name="owner">Name of the definition: the first word of the message.</param>
    /// <param name="shapes">Shape of one example of each tensor.</param>
    /// <exception cref="ArgumentException">The examples aren't images.</exception>
    public static MapShape ShapeOf(string owner, IReadOnlyDictionary<string, long[]> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        return MapShape.Of(owner, shapes[Batch.FeaturesName], ": set InputShape of the network, e.g. [1, 28, 28], or leave it out");
    }

    /// <summary>As <see cref="ShapeOf"/>, for what moves pixels, where a mask would have to move with them.</summary>
    /// <exception cref="ArgumentException">The examples aren't images, or have masks.</exception>
    public static MapShape ShapeWithoutMask(string owner, IReadOnlyDictionary<string, long[]> shapes)
    {
        var shape = ShapeOf(owner, shapes);
        if (shapes.TryGetValue(Batch.LabelName, out var label) && label.Length > 1)
            throw new ArgumentException(
                $"{owner} moves the pixels of images, but one label has the shape {Shown.Shape(label)}, and masks aren't moved with their images: leave it out.", nameof(shapes));
        return shape;
    }

    /// <summary>Uniform random numbers between two bounds.</summary>
    /// <param name="uniform">Numbers of at least 0 and below 1.</param>
    /// <param name="low">What 0 becomes.</param>
    /// <param name="high">What 1 would become.</param>
    protected static Tensor Between(Tensor uniform, double low, double high) => low + (high - low) * uniform;
}
