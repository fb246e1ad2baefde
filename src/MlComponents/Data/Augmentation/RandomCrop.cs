using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Cuts a window out of the padded image, at a place of its own for each: with the input's size this moves the image by up to <see cref="Padding"/> pixels.</summary>
/// <remarks>
/// Every place is as likely. It takes images, [C, H, W], whose labels are no masks. As in He et al., Deep residual learning (arXiv 1512.03385), section 4.2.
/// </remarks>
public sealed record RandomCrop : AugmentationDefinition, IValidatableObject
{
    /// <summary>Pixels that are added on each side. At least 0; default 4.</summary>
    [Range(0, int.MaxValue)]
    public int Padding { get; init; } = 4;

    /// <summary>Whether the added pixels are the image mirrored at its edge, which isn't repeated: <c>c b | a b c | b a</c>. Default: false.</summary>
    public bool Reflect { get; init; }

    /// <summary>Value of the added pixels where they aren't mirrored ones. Any number; default 0.</summary>
    public double Fill { get; init; }

    /// <summary>Height and width of the window in pixels, each at least 1, for a network that takes images of any size. Null, the default: those of the image.</summary>
    [Length(2, 2)]
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int>? Size { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't images [C, H, W] that are large enough, or have masks.</exception>
    public override Augmentation Create(IReadOnlyDictionary<string, long[]> shapes)
    {
        Check(ImageAugmentation.ShapeWithoutMask(nameof(RandomCrop), shapes));
        return new RandomCropAugmentation(this);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Reflect && Fill != 0)
            yield return new($"Fill is {Shown.Number(Fill)}, but with Reflect the added pixels are those of the image: leave one of them out.");
    }

    /// <exception cref="ArgumentException">The window is larger than the padded image, or there are fewer pixels than are mirrored.</exception>
    internal void Check(MapShape shape)
    {
        if (Size is [var height, var width] && (height > shape.Height + 2L * Padding || width > shape.Width + 2L * Padding))
            throw new ArgumentException(
                $"RandomCrop's Size is {height} by {width}, but the images are {shape.Height} by {shape.Width} with {Padding} pixels of padding on each side: use a smaller Size or more Padding.");
        if (Reflect && Padding >= Math.Min(shape.Height, shape.Width))
            throw new ArgumentException(
                $"RandomCrop's Padding is {Padding}, but images of {shape.Height} by {shape.Width} can be mirrored by at most {Math.Min(shape.Height, shape.Width) - 1} pixels: use less Padding, or Fill instead of Reflect.");
    }
}

/// <summary>The live <see cref="RandomCrop"/>.</summary>
internal sealed class RandomCropAugmentation(RandomCrop options) : ImageAugmentation(nameof(RandomCrop))
{
    protected override Tensor Change(Tensor images, ExampleRandom random)
    {
        var shape = new MapShape(images.shape[1], images.shape[2], images.shape[3]);
        options.Check(shape);
        using var scope = NewDisposeScope();

        var (height, width) = options.Size is [var h, var w] ? (h, w) : (shape.Height, shape.Width);
        var padded = Padded(images, options);                                                      // [N, C, H + 2·Padding, W + 2·Padding]
        var u = random.Uniform(2);                                                                 // [N, 2]
        var top = (u.select(1, 0) * (padded.shape[2] - height + 1)).to(ScalarType.Int64);          // [N], each from 0 to what is left over
        var left = (u.select(1, 1) * (padded.shape[3] - width + 1)).to(ScalarType.Int64);          // [N]

        return Crop(padded, top, left, height, width).MoveToOuterDisposeScope();                   // [N, C, height, width]
    }

    /// <summary>The images with what is added around them.</summary>
    internal static Tensor Padded(Tensor images, RandomCrop options)
    {
        long[] sides = [options.Padding, options.Padding, options.Padding, options.Padding];
        return options.Reflect ? nn.functional.pad(images, sides, PaddingModes.Reflect) : nn.functional.pad(images, sides, PaddingModes.Constant, options.Fill);
    }

    /// <summary>Cuts a window out of each image.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="top">First row of each window, int64 [N].</param>
    /// <param name="left">First column of each window, int64 [N].</param>
    /// <param name="height">Rows of the windows.</param>
    /// <param name="width">Columns of the windows.</param>
    internal static Tensor Crop(Tensor images, Tensor top, Tensor left, long height, long width)
    {
        using var scope = NewDisposeScope();

        var (n, channels) = (images.shape[0], images.shape[1]);
        var rows = top.unsqueeze(1) + arange(height);                                              // [N, height]
        var columns = left.unsqueeze(1) + arange(width);                                           // [N, width]
        var pixels = rows.unsqueeze(2) * images.shape[3] + columns.unsqueeze(1);                   // [N, height, width]
        var each = pixels.view(n, 1, -1).expand(n, channels, -1);                                  // [N, C, height·width]

        return images.flatten(2).gather(2, each).view(n, channels, height, width).MoveToOuterDisposeScope();
    }
}
