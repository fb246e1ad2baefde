using System.Globalization;
using Digits;
using MlComponents;

NativeAllocator.KeepLargeBlocks();   // training on a CPU is up to half as fast again
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [] and not [_] || !int.TryParse(args is [var text] ? text : "8", out var epochs) || epochs is < 1 or > 1000)
{
    Console.Error.WriteLine("Usage: WeightAveraging [epochs], 1 to 1000; without a number 8.");
    return 1;
}

using var training = Rows(DigitArtist.Draw(DigitSplit.Train, 3000, seed: 1));
using var test = Rows(DigitArtist.Draw(DigitSplit.Test, 2000, seed: 1));
var network = new ConvNet { Blocks = [new() { Channels = 8 }, new() { Channels = 16 }], Hidden = 32 };

Console.WriteLine($"A ConvNet learns from {training.Count} digits in {epochs} epochs, by SGD with a high constant learning rate; measured on {test.Count} others.");
Console.WriteLine();
foreach (WeightAverageDefinition average in new WeightAverageDefinition[]
{
    new ExponentialMovingAverage { Decay = 0.99 },
    new StochasticWeightAveraging { StartFraction = 0.5 },
})
{
    var options = new TrainerOptions
    {
        Epochs = epochs, BatchSize = 50, Optimizer = new Sgd { LearningRate = 0.1, Momentum = 0.9 }, Average = average, Seed = 1, Device = "cpu",
    };
    using var result = new Trainer(options).Fit(network, Objective.Multiclass(10), training, test);

    Console.WriteLine($"epoch   loss  {average.MetricPrefix} loss   accuracy  {average.MetricPrefix} accuracy");
    foreach (var row in result.History)
        Console.WriteLine(
            $"{row.Epoch,5} {Of(row, "loss"),6:F3} {Of(row, $"{average.MetricPrefix}/loss"),9:F3} {Of(row, "accuracy"),10:F4} {Of(row, $"{average.MetricPrefix}/accuracy"),13:F4}");
    Console.WriteLine();
}
return 0;

static double Of(HistoryRow row, string metric) => row.Metrics[MetricNames.Validation(metric)];

static TensorDataset Rows(DigitSet digits) => new(
    tensor(digits.Pixels, [digits.Count, 1, DigitSet.Side, DigitSet.Side]), tensor(Array.ConvertAll(digits.Labels, label => (long)label)));
