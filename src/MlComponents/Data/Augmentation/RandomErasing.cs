using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Overwrites a rectangle of some images with one value: Zhong et al., Random erasing data augmentation (arXiv 1708.04896).</summary>
/// <remarks>
/// With the share <c>A</c> of the image's area, uniform in its range, and the ratio <c>r</c>, whose logarithm is uniform, the rectangle is <c>√(A·H·W·r)</c> high and <c>√(A·H·W/r)</c> wide,
/// rounded to pixels, and at every place inside the image as likely. Where it wouldn't fit, its ratio becomes the nearest one with which it does, where the paper draws again. It takes images, [C, H, W];
/// labels and masks stay as they are.
/// </remarks>
public sealed record RandomErasing : AugmentationDefinition, IValidatableObject
{
    /// <summary>Probability with which an image is changed. 0 to 1; default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double Probability { get; init; } = 0.5;

    /// <summary>Smallest share of the image's area. Above 0 and at most 1; default 0.02.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double MinArea { get; init; } = 0.02;

    /// <summary>Largest share of the image's area, at least <see cref="MinArea"/>. Above 0 and at most 1; default 0.4.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double MaxArea { get; init; } = 0.4;

    /// <summary>Smallest ratio of height to width. Above 0; default 0.3.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double MinRatio { get; init; } = 0.3;

    /// <summary>Largest ratio of height to width, at least <see cref="MinRatio"/>. Above 0; default 3.3.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double MaxRatio { get; init; } = 3.3;

    /// <summary>What the pixels become, in every channel. Any number; default 0.</summary>
    public double Value { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't images [C, H, W].</exception>
    public override Augmentation Create(IReadOnlyDictionary<string, long[]> shapes)
    {
        ImageAugmentation.ShapeOf(nameof(RandomErasing), shapes);
        return new RandomErasingAugmentation(this);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinArea > MaxArea)
            yield return new($"MinArea is {Shown.Number(MinArea)} and MaxArea {Shown.Number(MaxArea)}; allowed is a MinArea of at most MaxArea.");
        if (MinRatio > MaxRatio)
            yield return new($"MinRatio is {Shown.Number(MinRatio)} and MaxRatio {Shown.Number(MaxRatio)}; allowed is a MinRatio of at most MaxRatio.");
    }
}

/// <summary>The live <see cref="RandomErasing"/>.</summary>
internal sealed class RandomErasingAugmentation(RandomErasing options) : ImageAugmentation(nameof(RandomErasing))
{
    protected override Tensor Change(Tensor images, ExampleRandom random)
    {
        using var scope = NewDisposeScope();

        var u = random.Uniform(5);                                                                 // [N, 5]
        var area = Between(u.select(1, 1), options.MinArea, options.MaxArea);                      // [N]
        var ratio = Between(u.select(1, 2), Math.Log(options.MinRatio), Math.Log(options.MaxRatio)).exp();   // [N]
        var places = Place(images.shape[2], images.shape[3], area, ratio, u.select(1, 3), u.select(1, 4));

        return Erase(images, places, u.select(1, 0).lt(options.Probability), options.Value).MoveToOuterDisposeScope();
    }

    /// <summary>Rectangles of given areas, and of given ratios as far as they fit, each at a place inside its image.</summary>
    /// <param name="height">Rows of the images.</param>
    /// <param name="width">Columns of the images.</param>
    /// <param name="area">Shares of the image's area, [N].</param>
    /// <param name="ratio">Height to width, [N].</param>
    /// <param name="down">Uniform random numbers, [N].</param>
    /// <param name="across">Uniform random numbers, [N].</param>
    internal static Rectangles Place(long height, long width, Tensor area, Tensor ratio, Tensor down, Tensor across)
    {
        using var scope = NewDisposeScope();

        var pixels = area * (height * width);                                                      // [N]
        var fitting = ratio.maximum(pixels / (width * width)).minimum(height * height / pixels);   // [N]
        var rows = (pixels * fitting).sqrt().round().clamp(1, height);                             // [N]
        var columns = (pixels / fitting).sqrt().round().clamp(1, width);                           // [N]
        var top = (down * (height - rows + 1)).floor();                                            // [N]
        var left = (across * (width - columns + 1)).floor();                                       // [N]

        return new Rectangles(top, left, top + rows, left + columns).MoveToOuterDisposeScope();
    }

    /// <summary>Overwrites the rectangles of some images.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="places">The rectangles.</param>
    /// <param name="changed">Which images, bool [N].</param>
    /// <param name="value">What their pixels become.</param>
    internal static Tensor Erase(Tensor images, Rectangles places, Tensor changed, double value)
    {
        using var scope = NewDisposeScope();

        var mask = places.Mask(images.shape[2], images.shape[3]).logical_and(changed.view(-1, 1, 1, 1));   // [N, 1, H, W]

        return images.masked_fill(mask, value).MoveToOuterDisposeScope();                          // [N, C, H, W]
    }
}
