using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Mirrors images: left to right, top to bottom, each with a probability of its own.</summary>
/// <remarks>It takes images, [C, H, W], whose labels are no masks.</remarks>
public sealed record RandomFlip : AugmentationDefinition
{
    /// <summary>Probability with which left and right change places. 0 to 1; default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double Horizontal { get; init; } = 0.5;

    /// <summary>Probability with which top and bottom change places. 0 to 1; default 0.</summary>
    [Range(0.0, 1.0)]
    public double Vertical { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't images [C, H, W], or have masks.</exception>
    public override Augmentation Create(IReadOnlyDictionary<string, long[]> shapes)
    {
        ImageAugmentation.ShapeWithoutMask(nameof(RandomFlip), shapes);
        return new RandomFlipAugmentation(this);
    }
}

/// <summary>The live <see cref="RandomFlip"/>.</summary>
internal sealed class RandomFlipAugmentation(RandomFlip options) : ImageAugmentation(nameof(RandomFlip))
{
    protected override Tensor Change(Tensor images, ExampleRandom random)
    {
        using var scope = NewDisposeScope();

        var u = random.Uniform(2);                                                                 // [N, 2]

        return Flip(images, u.select(1, 0).lt(options.Horizontal), u.select(1, 1).lt(options.Vertical)).MoveToOuterDisposeScope();
    }

    /// <summary>Mirrors some images.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="horizontal">Which change left and right, bool [N].</param>
    /// <param name="vertical">Which change top and bottom, bool [N].</param>
    internal static Tensor Flip(Tensor images, Tensor horizontal, Tensor vertical)
    {
        using var scope = NewDisposeScope();

        var mirrored = where(horizontal.view(-1, 1, 1, 1), images.flip(3), images);                // [N, C, H, W]

        return where(vertical.view(-1, 1, 1, 1), mirrored.flip(2), mirrored).MoveToOuterDisposeScope();
    }
}
