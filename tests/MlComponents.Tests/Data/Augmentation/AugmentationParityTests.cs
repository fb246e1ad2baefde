using System.Text.Json;

namespace MlComponents.Tests.Data;

/// <summary>What augmentations make of given parameters, against PyTorch and torchvision.</summary>
[TestClass]
public sealed class AugmentationParityTests
{
    [TestMethod]
    public void Crop_OfGivenPlaces_EqualsPyTorch() => ForEach("crops", 4, @case =>
    {
        var images = @case.Tensor("images");
        var options = new RandomCrop { Padding = @case.GetProperty("padding").GetInt32(), Reflect = @case.GetProperty("reflect").GetBoolean(), Fill = @case.GetProperty("fill").GetDouble() };

        var result = RandomCropAugmentation.Crop(
            RandomCropAugmentation.Padded(images, options), Longs(@case, "top"), Longs(@case, "left"), @case.GetProperty("height").GetInt64(), @case.GetProperty("width").GetInt64());

        TensorAssert.AreClose(@case.Tensor("result"), result, tolerance: 0);
    });

    [TestMethod]
    public void Warp_ByGivenAnglesAndShifts_EqualsTorchvision() => ForEach("affines", 4, @case =>
    {
        var radians = Math.PI / 180;

        var inverse = RandomAffineAugmentation.Inverse(
            Doubles(@case, "angle") * radians, Doubles(@case, "shear") * radians, Doubles(@case, "scale"), Doubles(@case, "right"), Doubles(@case, "down"));
        var result = RandomAffineAugmentation.Warp(@case.Tensor("images"), inverse, @case.GetProperty("fill").GetDouble());

        TensorAssert.AreClose(@case.Tensor("result"), result, tolerance: 1e-5);
    });

    [TestMethod]
    public void Erase_OfGivenRectangles_EqualsTorchvision() => ForEach("erasings", 2, @case =>
    {
        var places = new Rectangles(Longs(@case, "top"), Longs(@case, "left"), Longs(@case, "bottom"), Longs(@case, "right"));
        var changed = tensor(@case.GetProperty("changed").Deserialize<bool[]>()!);

        var result = RandomErasingAugmentation.Erase(@case.Tensor("images"), places, changed, @case.GetProperty("value").GetDouble());

        TensorAssert.AreClose(@case.Tensor("result"), result, tolerance: 0);
    });

    [TestMethod]
    public void Paste_OfGivenShares_EqualsTheAuthorsCode() => ForEach("cut_mixes", 2, @case =>
    {
        var images = @case.Tensor("images");
        var places = CutMixAugmentation.Place(images.shape[2], images.shape[3], Doubles(@case, "share"), Doubles(@case, "row"), Doubles(@case, "column"));

        var (result, kept) = CutMixAugmentation.Paste(images, @case.Tensor("others"), places);

        TensorAssert.AreClose(@case.Tensor("result"), result, tolerance: 0);
        TensorAssert.AreClose(Doubles(@case, "kept"), kept, tolerance: 1e-12);
    });

    [TestMethod]
    public void Step_OfMixedExamples_HasTheMixedLoss() => ForEach("losses", 12, @case =>
    {
        var outputs = @case.GetProperty("outputs").GetInt64();
        var loss = @case.Component<LossDefinition>("loss");
        using var objective = loss is CrossEntropy ? Objective.Multiclass(outputs, loss) : loss is BinaryCrossEntropy ? Objective.Binary(loss) : Objective.Regression(loss);
        using var network = nn.Identity();
        var prediction = @case.Tensor("prediction").requires_grad_();
        using var batch = new Batch(new Dictionary<string, Tensor>
        {
            [Batch.FeaturesName] = prediction.alias(), [Batch.LabelName] = @case.Tensor("label"), [Batch.OtherLabelName] = @case.Tensor("other"),
            [Batch.WeightName] = @case.Tensor("weight"), [Batch.OtherWeightName] = @case.Tensor("otherWeight"),
        });

        var step = objective.Step(network, batch);
        step.Loss.backward();

        TensorAssert.AreClose(@case.Tensor("value"), step.Loss, tolerance: 1e-5);
        TensorAssert.AreClose(@case.Tensor("gradient"), prediction.grad!, tolerance: 1e-5);
        TensorAssert.AreClose(prediction.flatten(), step.Output.flatten(), tolerance: 0);              // once, for the metrics
        TensorAssert.AreClose((batch.Weight! + batch[Batch.OtherWeightName]).sum(), objective.Normalizer(batch), tolerance: 1e-6);
    });

    private static void ForEach(string part, int count, Action<JsonElement> check)
    {
        var cases = Fixture.Cases("augmentation", part);

        Assert.HasCount(count, cases);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            check(@case);
        }
    }

    private static Tensor Longs(JsonElement @case, string key) => tensor(@case.GetProperty(key).Deserialize<long[]>()!);

    private static Tensor Doubles(JsonElement @case, string key) => tensor(@case.GetProperty(key).Deserialize<double[]>()!);
}
