using System.CommandLine;
using MlComponents;
using MlComponents.Benchmarks;
using MlComponents.Benchmarks.Loading;
using MlComponents.Benchmarks.Reading;
using MlComponents.Benchmarks.Scoring;
using MlComponents.Benchmarks.Training;

var filter = new Option<string>("--filter") { Description = "Runs only benchmarks whose name contains this text.", DefaultValueFactory = _ => "" };
var quick = new Option<bool>("--quick") { Description = "Three pairs of each instead of nine, to see that everything runs." };
var threads = new Option<int>("--threads") { Description = "Threads of libtorch; 1 is least disturbed by what else runs.", DefaultValueFactory = _ => Environment.ProcessorCount };
var command = new RootCommand("Measures this library against the code that one writes without it, in alternating blocks.") { filter, quick, threads };
command.SetAction(arguments =>
{
    var keepsBlocks = NativeAllocator.KeepLargeBlocks();
    set_num_threads(arguments.GetValue(threads));
    var paired = new Paired(arguments.GetValue(quick) ? 3 : 9);

    Console.WriteLine($"{Machine.Describe()}; {(keepsBlocks ? "NativeAllocator.KeepLargeBlocks for both sides" : "the allocator as it is")}; no tiered compilation.");
    Console.WriteLine();
    Console.WriteLine("| benchmark | unit | ours µs, wall | other µs, wall | ratio | median pair | ours µs, CPU | other µs, CPU | ratio | median pair | aim |");
    Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    foreach (var create in Benchmarks())
    {
        using var benchmark = create();
        if (!benchmark.Name.Contains(arguments.GetValue(filter)!, StringComparison.OrdinalIgnoreCase))
            continue;

        var (wall, cpu) = paired.Run(benchmark);
        Console.WriteLine(FormattableString.Invariant(
            $"| {benchmark.Name} | {benchmark.Unit} | {Row(wall)} | {Row(cpu)} | {benchmark.Aim:F2} |"));
    }
});
return command.Parse(args).Invoke();

static string Row(Comparison clock) =>
    FormattableString.Invariant($"{clock.Ours:F1} | {clock.Other:F1} | {clock.Ratio:F3} | {clock.MedianRatio:F3}");

static IEnumerable<Func<Benchmark>> Benchmarks() =>
[
    TrainerOverPlainLoop.OfMlp,
    () => TrainerOverPlainLoop.OfConvNet(64),
    () => TrainerOverPlainLoop.OfConvNet(128),
    TrainerOverPlainLoop.OfResNetInBFloat16,
    () => PrecisionAgainstFloat32.OfResNet(TrainingPrecision.BFloat16Mixed, 0.55),
    () => PrecisionAgainstFloat32.OfResNet(TrainingPrecision.BFloat16, 0.55),
    () => PrecisionAgainstFloat32.OfConvNet(TrainingPrecision.BFloat16Mixed, 0.9),
    () => new TrainerAgainstTorchSharp(),
    .. OptimizerSteps.All,
    .. OptionCase.All.Select(option => (Func<Benchmark>)(() => new OptionOverPlainRun(option))),
    .. OptionCase.All.Select(option => (Func<Benchmark>)(() => TrainerOverPlainLoop.With(option))),
    TransformAgainstBatches.OfMlp,
    TransformAgainstBatches.OfConvNet,
    () => new TransformAgainstRows(),
    () => new PrefetchingWhileTraining(),
    .. LoadingBenchmark.All,
    ReadingAgainstCopying.OfMemory,
    ReadingAgainstCopying.OfCsv,
    ReadingAgainstCopying.OfBinary,
];
