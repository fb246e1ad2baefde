using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Turns, scales, shears and moves images by small amounts, all at once about the centre, with bilinear interpolation.</summary>
/// <remarks>
/// A pixel at <c>p</c> from the centre, x to the right and y downwards, goes to <c>s·R(a)·K(k)·p + t</c> with <c>R(a) = [cos a, −sin a; sin a, cos a]</c> and
/// <c>K(k) = [1, −tan k; 0, 1]</c>, as in torchvision; angle a, shear k, scale s and both parts of the shift t are uniform in their ranges. It takes images, [C, H, W], whose labels are no masks.
/// </remarks>
public sealed record RandomAffine : AugmentationDefinition, IValidatableObject
{
    /// <summary>Largest angle to either side, in degrees. 0 to 180; default 10.</summary>
    [Range(0.0, 180.0)]
    public double Degrees { get; init; } = 10;

    /// <summary>Largest shift to either side, as a share of the image's width and of its height. 0 to 1; default 0.1.</summary>
    [Range(0.0, 1.0)]
    public double Translate { get; init; } = 0.1;

    /// <summary>Smallest factor of both sides. Above 0; default 0.9.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double MinScale { get; init; } = 0.9;

    /// <summary>Largest factor of both sides, at least <see cref="MinScale"/>. Above 0; default 1.1.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double MaxScale { get; init; } = 1.1;

    /// <summary>Largest angle by which vertical lines lean to either side, in degrees. At least 0 and below 90; default 0.</summary>
    [Range(0.0, 90.0, MaximumIsExclusive = true)]
    public double Shear { get; init; }

    /// <summary>Value of what comes from beyond the image's edges. Any number; default 0.</summary>
    public double Fill { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't images [C, H, W], or have masks.</exception>
    public override Augmentation Create(IReadOnlyDictionary<string, long[]> shapes)
    {
        ImageAugmentation.ShapeWithoutMask(nameof(RandomAffine), shapes);
        return new RandomAffineAugmentation(this);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinScale > MaxScale)
            yield return new($"MinScale is {Shown.Number(MinScale)} and MaxScale {Shown.Number(MaxScale)}; allowed is a MinScale of at most MaxScale.");
    }
}

/// <summary>The live <see cref="RandomAffine"/>.</summary>
internal sealed class RandomAffineAugmentation(RandomAffine options) : ImageAugmentation(nameof(RandomAffine))
{
    protected override Tensor Change(Tensor images, ExampleRandom random)
    {
        CheckType(nameof(RandomAffine), images);
        using var scope = NewDisposeScope();

        var u = random.Uniform(5);                                                                 // [N, 5]
        var angle = Either(u.select(1, 0), double.DegreesToRadians(options.Degrees));              // [N]
        var shear = Either(u.select(1, 1), double.DegreesToRadians(options.Shear));                // [N]
        var scale = Between(u.select(1, 2), options.MinScale, options.MaxScale);                   // [N]
        var right = Either(u.select(1, 3), options.Translate * images.shape[3]);                   // [N]
        var down = Either(u.select(1, 4), options.Translate * images.shape[2]);                    // [N]

        return Warp(images, Inverse(angle, shear, scale, right, down), options.Fill).MoveToOuterDisposeScope();
    }

    private static Tensor Either(Tensor uniform, double largest) => Between(uniform, -largest, largest);

    /// <summary>Where each pixel of the result comes from: <c>(s·R·K)⁻¹·(p − t)</c>.</summary>
    /// <param name="angle">Radians, [N].</param>
    /// <param name="shear">Radians, [N].</param>
    /// <param name="scale">Factors, [N].</param>
    /// <param name="right">Pixels, [N].</param>
    /// <param name="down">Pixels, [N].</param>
    /// <returns>[N, 2, 3], in pixels from the centre.</returns>
    internal static Tensor Inverse(Tensor angle, Tensor shear, Tensor scale, Tensor right, Tensor down)
    {
        using var scope = NewDisposeScope();

        var (cos, sin, tan) = (angle.cos() / scale, angle.sin() / scale, shear.tan());             // [N]
        var (xx, xy, yx, yy) = (cos - sin * tan, sin + cos * tan, -sin, cos);                      // [N]
        var x = stack([xx, xy, -(xx * right + xy * down)], dim: 1);                                // [N, 3]
        var y = stack([yx, yy, -(yx * right + yy * down)], dim: 1);                                // [N, 3]

        return stack([x, y], dim: 1).MoveToOuterDisposeScope();                                    // [N, 2, 3]
    }

    /// <summary>Reads each image where matrices say, bilinearly.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="inverse">From <see cref="Inverse"/>, [N, 2, 3].</param>
    /// <param name="fill">What there is beyond an image's edges.</param>
    internal static Tensor Warp(Tensor images, Tensor inverse, double fill)
    {
        using var scope = NewDisposeScope();

        // In 16 bits the places would be wrong by a good part of a pixel.
        if (images.element_size() < sizeof(float))
            return Warp(images.to(ScalarType.Float32), inverse, fill).to(images.dtype).MoveToOuterDisposeScope();

        // libtorch measures from -1 to 1 along each side: a row's numbers count in halves of its own side, a column's in those of what it multiplies.
        var (height, width) = (images.shape[2], images.shape[3]);
        var sides = tensor(new[] { 1.0, (double)height / width, 2.0 / width, (double)width / height, 1.0, 2.0 / height }, [2, 3], images.dtype);
        var grid = nn.functional.affine_grid(inverse.to(images.dtype) * sides, images.shape, align_corners: false);   // [N, H, W, 2]
        var warped = nn.functional.grid_sample(images - fill, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, align_corners: false);

        return (warped + fill).MoveToOuterDisposeScope();                                          // [N, C, H, W]
    }
}
