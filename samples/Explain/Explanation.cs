using System.Globalization;
using Digits;
using MlComponents;
using MlComponents.Reporting;

namespace Explain;

/// <summary>Trains a network that reads digits, and shows why it reads what it does and how sure one can be of it.</summary>
internal static class Explanation
{
    private const int TestDigits = 1000;
    private const string Layer = "blocks.activation3_1";

    private static readonly ConvNet Network = new()
    {
        InputShape = [1, PlacedDigits.Side, PlacedDigits.Side], Blocks = [new() { Channels = 8 }, new() { Channels = 16 }, new() { Channels = 32 }],
    };

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 6, BatchSize = 64, Seed = 1, Device = "cpu", Optimizer = new AdamW { LearningRate = 4e-3 }, Schedule = new OneCycle(),
    };

    /// <summary>Writes <c>gradcam.png</c>, <c>features.png</c> and <c>precision-recall.png</c> into a folder, and figures to <paramref name="output"/>.</summary>
    public static void Run(DigitData digits, int trainingDigits, string folder, TextWriter output)
    {
        using var scope = NewDisposeScope();
        var training = PlacedDigits.Of(digits.Train, trainingDigits, seed: 1);
        var test = PlacedDigits.Of(digits.Test, TestDigits, seed: 2);
        using var rows = new TensorDataset(training.Pictures, training.Labels);
        using var objective = Objective.Multiclass(10);

        using var trained = new Trainer(Options).Fit(Network, objective, rows);
        var network = (nn.Module<Tensor, Tensor>)trained.Network;
        var maps = GradCam.Explain(network, test.Pictures, layer: Layer);
        var right = maps.Scores.argmax(1).eq(test.Labels).to(ScalarType.Float64).mean().item<double>();
        output.WriteLine($"a ConvNet learned from {rows.Count} digits of {DigitSet.Side} by {DigitSet.Side} pixels at random places on {PlacedDigits.Side} by {PlacedDigits.Side}; it reads {right:0.0%} of {test.Labels.numel()} others");

        WriteMaps(maps, test, folder, output);
        WriteFeatures(network, test, folder, output);
        WriteCurves(maps.Scores, test.Labels, folder, output);
    }

    /// <summary>Where the network looks, of one digit of each class, and how much of that is on the digit, of all.</summary>
    private static void WriteMaps(GradCamMaps maps, PlacedDigits test, string folder, TextWriter output)
    {
        var boxes = PlacedDigits.Boxes(test.Pictures);                                            // [N, H, W]
        var inside = ((maps.Maps * boxes).sum([1, 2]) / maps.Maps.sum([1, 2])).nan_to_num(0).mean().item<float>();
        output.WriteLine($"Grad-CAM of '{maps.Layer}': {inside:0.0%} of a map lies in the box around the digit, which has {boxes.mean().item<float>():0.0%} of the pixels");

        var labels = test.Labels.data<long>().ToArray();
        var shown = Enumerable.Range(0, 10).Select(digit => (long)Array.IndexOf(labels, digit)).Where(index => index >= 0).ToArray();
        var chosen = tensor(shown);
        var path = Path.Combine(folder, "gradcam.png");
        HeatmapPicture.Save(
            "Where the network sees the digit (Grad-CAM)", test.Pictures[chosen], maps.Maps[chosen], [.. shown.Select(index => $"a {labels[index]}, read as {maps.Classes[(int)index]}")], path);
        output.WriteLine($"pictures: {path}");
    }

    /// <summary>What the second block makes of the first digit.</summary>
    private static void WriteFeatures(nn.Module<Tensor, Tensor> network, PlacedDigits test, string folder, TextWriter output)
    {
        var (name, maps) = FeatureMaps.Record(network, test.Pictures[..1], "blocks.activation2_1").Single();
        var path = Path.Combine(folder, "features.png");
        FeatureMapPicture.Save($"Feature maps of '{name}'", maps[0], path);
        output.WriteLine($"features: {path}");
    }

    private static void WriteCurves(Tensor scores, Tensor labels, string folder, TextWriter output)
    {
        var probabilities = nn.functional.softmax(scores, 1);                                     // [N, 10]
        var curves = Enumerable.Range(0, 10).ToDictionary(
            digit => digit.ToString(CultureInfo.InvariantCulture), digit => PrecisionRecallCurve.Compute(probabilities[TensorIndex.Colon, digit], labels.eq(digit)));
        var path = Path.Combine(folder, "precision-recall.png");
        PrecisionRecallPlot.Save(curves, path);
        output.WriteLine($"average precision: {string.Join(", ", curves.Select(curve => $"{curve.Key} {curve.Value.AveragePrecision:0.000}"))}");
        output.WriteLine($"mean average precision {curves.Values.Average(curve => curve.AveragePrecision):0.000}; curves: {path}");
    }
}
