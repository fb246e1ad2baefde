using System.ComponentModel.DataAnnotations;
using static MlComponents.Tests.Data.AugmentationExamples;

namespace MlComponents.Tests.Data;

/// <summary>What holds for all augmentations.</summary>
[TestClass]
public sealed class AugmentationTests
{
    private static readonly long[] Six = [0, 1, 2, 3, 4, 5];

    [TestMethod]
    public void Apply_InAnotherBatchAndPlace_DoesTheSameToAnExample()
    {
        using var scope = NewDisposeScope();
        using var data = Numbered(6);
        foreach (var definition in Images)
        {
            using var all = Apply(data, Six, epoch: 2, seed: 3, definition);
            using var some = Apply(data, [4, 1], epoch: 2, seed: 3, definition);
            using var alone = Apply(data, [1], epoch: 2, seed: 3, definition);

            TensorAssert.AreClose(all.Features[4], some.Features[0], tolerance: 0);
            TensorAssert.AreClose(all.Features[1], some.Features[1], tolerance: 0);
            TensorAssert.AreClose(all.Features[1], alone.Features[0], tolerance: 0);
        }
    }

    [TestMethod]
    public void Apply_OfTheSameBatch_DoesTheSameAgain()
    {
        using var scope = NewDisposeScope();
        using var data = Numbered(6);
        foreach (var definition in All)
        {
            using var first = Apply(data, Six, epoch: 2, seed: 3, definition);
            using var second = Apply(data, Six, epoch: 2, seed: 3, definition);

            TensorAssert.AreClose(first.Features, second.Features, tolerance: 0);
            foreach (var name in definition.IsMixing ? [Batch.OtherLabelName, Batch.OtherWeightName, Batch.WeightName] : Array.Empty<string>())
                TensorAssert.AreClose(first[name], second[name], tolerance: 0);
        }
    }

    [TestMethod]
    public void Apply_WithAnotherSeedEpochOrPlaceInTheList_DoesSomethingElse()
    {
        using var scope = NewDisposeScope();
        long[] forty = [.. Enumerable.Range(0, 40).Select(i => (long)i)];   // that many flips aren't the same by chance
        using var data = Numbered(40);
        foreach (var definition in All)
        {
            using var batch = Apply(data, forty, epoch: 2, seed: 3, definition);
            using var otherSeed = Apply(data, forty, epoch: 2, seed: 4, definition);
            using var otherEpoch = Apply(data, forty, epoch: 3, seed: 3, definition);
            using var otherPlace = Apply(data, forty, epoch: 2, seed: 3, new RandomFlip { Horizontal = 0 }, definition);

            foreach (var other in new[] { otherSeed, otherEpoch, otherPlace })
                Assert.IsGreaterThan(1e-3, (batch.Features - other.Features).abs().max().item<float>(), definition.ToString());
        }
    }

    [TestMethod]
    public void Apply_OfNoProbabilityOrAmount_LeavesExamplesAsTheyAre()
    {
        using var scope = NewDisposeScope();
        using var data = Numbered(6);
        using var untouched = data.Gather(Six);
        AugmentationDefinition[] idle =
        [
            new RandomCrop { Padding = 0 }, new RandomFlip { Horizontal = 0 }, new RandomAffine { Degrees = 0, Translate = 0, MinScale = 1, MaxScale = 1 },
            new RandomErasing { Probability = 0 }, new MixUp { Probability = 0 }, new CutMix { Probability = 0 },
        ];
        foreach (var definition in idle)
        {
            using var batch = Apply(data, Six, epoch: 1, seed: 1, definition);

            TensorAssert.AreClose(untouched.Features, batch.Features, tolerance: 1e-5);
            TensorAssert.AreClose(untouched.Label, batch.Label, tolerance: 0);
            if (definition.IsMixing)
                TensorAssert.AreClose(zeros(6), batch[Batch.OtherWeightName], tolerance: 0);
        }
    }

    [TestMethod]
    public void Apply_OfAny_LeavesNoTensors()
    {
        using var data = Numbered(6);
        foreach (var definition in All)
        {
            var before = TensorAssert.LiveCount();

            TensorAssert.LeavesOnly(0, () => Apply(data, Six, epoch: 1, seed: 1, definition).Dispose());

            Assert.AreEqual(before, TensorAssert.LiveCount(), definition.ToString());
        }
    }

    [TestMethod]
    public void Create_ForWhatAreNoImages_SaysWhatToDo()
    {
        AugmentationDefinition[] needImages = [.. Images, new CutMix()];
        foreach (var definition in needImages)
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => definition.Create(ShapesOf([784], [])));

            Assert.AreEqual(
                $"{definition.GetType().Name} needs examples of shape [C, H, W], but these have the shape [784]: set InputShape of the network, e.g. [1, 28, 28], or leave it out.", error.Message);
        }
        new MixUp().Create(ShapesOf([784], []));
    }

    [TestMethod]
    public void Create_ForImagesWithMasks_IsRefusedByWhatMovesPixels()
    {
        var masks = ShapesOf(Shape, [9, 8]);
        AugmentationDefinition[] moving = [new RandomCrop(), new RandomFlip(), new RandomAffine(), new CutMix()];
        foreach (var definition in moving)
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => definition.Create(masks));

            Assert.StartsWith(
                $"{definition.GetType().Name} moves the pixels of images, but one label has the shape [9, 8], and masks aren't moved with their images: leave it out.", error.Message);
        }
        new RandomErasing().Create(masks);
        new MixUp().Create(masks);
    }

    [TestMethod]
    public void Apply_ToImagesOfAnySizeAndType_KeepsBoth()
    {
        AugmentationDefinition[] definitions =
        [
            new RandomCrop(), new RandomFlip { Horizontal = 1, Vertical = 1 }, new RandomAffine { Shear = 5 }, new RandomErasing { Probability = 1 }, new MixUp(), new CutMix(),
        ];
        long[][] shapes = [[1, 1, 1], [3, 1, 7], [1, 7, 1]];
        foreach (var definition in definitions)
            foreach (var shape in shapes)
                foreach (var type in new[] { ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64 })
                    foreach (var count in new[] { 1, 4 })
                    {
                        using var scope = NewDisposeScope();
                        using var data = new TensorDataset(ones([count, .. shape], type), arange(count));

                        using var batch = Apply(data, Six[..count], epoch: 1, seed: 1, definition);

                        CollectionAssert.AreEqual((long[])[count, .. shape], batch.Features.shape, definition.ToString());
                        Assert.AreEqual(type, batch.Features.dtype, definition.ToString());
                        Assert.IsTrue(batch.Features.isfinite().all().item<bool>(), definition.ToString());
                    }
    }

    [TestMethod]
    public void Apply_ToWholeNumbers_IsRefusedByWhatComputesValuesInBetween()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(ones([2, .. Shape], ScalarType.Byte), arange(2));

        var blended = Assert.ThrowsExactly<ArgumentException>(() => Apply(data, [0, 1], epoch: 1, seed: 1, new MixUp()));
        var moved = Assert.ThrowsExactly<ArgumentException>(() => Apply(data, [0, 1], epoch: 1, seed: 1, new RandomAffine()));

        Assert.AreEqual("MixUp computes values in between, but the features hold Byte: convert them to floating-point numbers, or leave MixUp out.", blended.Message);
        Assert.StartsWith("RandomAffine computes values in between, but the features hold Byte", moved.Message);
    }

    [TestMethod]
    public void Apply_ToWhatAreNoImages_SaysWhatItNeeds()
    {
        using var scope = NewDisposeScope();
        using var batch = new Batch(new Dictionary<string, Tensor> { [Batch.FeaturesName] = zeros(2, 5) });

        var error = Assert.ThrowsExactly<ArgumentException>(() => new RandomFlip().Create(Shapes).Apply(batch, new ExampleRandom([1, 2])));

        Assert.StartsWith("RandomFlip needs images [N, C, H, W], but these have the shape [2, 5].", error.Message);
    }

    [TestMethod]
    public void Validate_OfContradictoryOptions_NamesThem()
    {
        Refused("RandomCrop: Fill is 0.5, but with Reflect the added pixels are those of the image: leave one of them out.", new RandomCrop { Reflect = true, Fill = 0.5 });
        Refused("RandomAffine: MinScale is 1.2 and MaxScale 1.1; allowed is a MinScale of at most MaxScale.", new RandomAffine { MinScale = 1.2 });
        Refused(
            "RandomErasing: MinArea is 0.5 and MaxArea 0.4; allowed is a MinArea of at most MaxArea. RandomErasing: MinRatio is 4 and MaxRatio 3.3; allowed is a MinRatio of at most MaxRatio.",
            new RandomErasing { MinArea = 0.5, MinRatio = 4 });
        Refused("RandomCrop.Size is [3]; allowed is 2 to 2 elements.", new RandomCrop { Size = [3] });
        Refused("RandomAffine.Fill is NaN; allowed is any finite number.", new RandomAffine { Fill = double.NaN });

        static void Refused(string message, AugmentationDefinition definition) =>
            Assert.AreEqual(message, Assert.ThrowsExactly<ValidationException>(definition.Validate).Message);
    }

    [TestMethod]
    public void Create_OfACropThatDoesntFit_SaysHowItWould()
    {
        var tooLarge = Assert.ThrowsExactly<ArgumentException>(() => new RandomCrop { Size = [10, 20], Padding = 1 }.Create(Shapes));
        var tooFar = Assert.ThrowsExactly<ArgumentException>(() => new RandomCrop { Reflect = true, Padding = 8 }.Create(Shapes));

        Assert.AreEqual("RandomCrop's Size is 10 by 20, but the images are 9 by 8 with 1 pixels of padding on each side: use a smaller Size or more Padding.", tooLarge.Message);
        Assert.AreEqual("RandomCrop's Padding is 8, but images of 9 by 8 can be mirrored by at most 7 pixels: use less Padding, or Fill instead of Reflect.", tooFar.Message);
        new RandomCrop { Size = [11, 10], Padding = 1 }.Create(Shapes);
        new RandomCrop { Reflect = true, Padding = 7 }.Create(Shapes);
    }
}
