using System.ComponentModel.DataAnnotations;
using System.Diagnostics;

namespace MlComponents;

/// <summary>
/// Finds a batch size by a few steps with each, doubled from the smallest on until the device's memory, the training rows or the largest size are reached; every size is tried
/// on a fresh network.
/// </summary>
/// <remarks>
/// How fast it learns per row is another question: a larger batch makes fewer steps, usually at a higher learning rate. Nothing else should run meanwhile, because time is measured.
/// </remarks>
public sealed record BatchSizeFinder : IValidatableObject
{
    /// <summary>Rows per batch of the first size. 1 to 1,048,576; default 8.</summary>
    [Range(1, 1 << 20)]
    public int Smallest { get; init; } = 8;

    /// <summary>Rows per batch that no size is above. 1 to 1,048,576 and at least <see cref="Smallest"/>; default 4,096.</summary>
    [Range(1, 1 << 20)]
    public int Largest { get; init; } = 4096;

    /// <summary>Steps of each size, of which the first isn't counted, because it takes memory for the first time. At least 2; default 6.</summary>
    [Range(2, int.MaxValue)]
    public int StepsPerSize { get; init; } = 6;

    /// <summary>Runs the search.</summary>
    /// <param name="options">
    /// How the network is to be trained. Its callbacks, checkpoints, sampler, average, schedule and limits are left out, and so is its batch size, which is never halved; all else holds: optimizer, precision, device,
    /// batches per step.
    /// </param>
    /// <param name="network">What is to be trained; the search builds one per size.</param>
    /// <param name="objective">What the task is.</param>
    /// <param name="training">Rows to learn from; no size is above their number, or above what the pool of a stream holds.</param>
    /// <returns>What was measured of each size that fitted.</returns>
    /// <exception cref="ValidationException">An option is not allowed.</exception>
    /// <exception cref="ArgumentException">The data, the network and the options don't fit together.</exception>
    /// <exception cref="InvalidOperationException">The smallest batch doesn't fit into the device's memory.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public BatchSizeTrials Find(TrainerOptions options, NetworkDefinition network, Objective objective, Dataset training)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(training);
        OptionsValidation.Validate(this);
        if (Smallest > training.Count)
            throw new ArgumentException($"Smallest is {Smallest}, but there are only {training.Count} training rows: begin with a batch of at most {training.Count}.", nameof(training));

        var trials = new List<BatchSizeTrial>();
        for (var size = Smallest; size <= Math.Min(Largest, training.Count) && (size == Smallest || Fits(size, options, training)); size *= 2)
            try
            {
                trials.Add(Try(size, options, network, objective, training));
            }
            catch (Exception e) when (OutOfDeviceMemory.IsCause(e))
            {
                return trials.Count > 0 ? new BatchSizeTrials(trials, outOfMemory: size) : throw new InvalidOperationException(
                    $"A batch of {size} rows doesn't fit into the memory of the device '{options.Device}': use a smaller network or smaller examples, or begin with fewer rows than {size}.", e);
            }
        return new BatchSizeTrials(trials);
    }

    private static bool Fits(int size, TrainerOptions options, Dataset training) => training is not StreamingDataset stream || TrainerOptions.LeastRowMemory(stream.ExampleBytes, size) <= options.RowMemory;

    private BatchSizeTrial Try(int size, TrainerOptions options, NetworkDefinition network, Objective objective, Dataset training)
    {
        var (rows, time) = (0L, TimeSpan.Zero);
        SearchRun.Run(SearchRun.Options(options, StepsPerSize, OnStepEnd) with { BatchSize = size, DropLast = true, Sampler = null, HalveBatchWhenOutOfMemory = false }, network, objective, training);
        return new BatchSizeTrial(size, rows / time.TotalSeconds, PeakMemory(Devices.Parse(options.Device)));

        void OnStepEnd(StepEnd e)
        {
            if (e.Step == 1)
                return;
            rows += e.Rows;
            time += e.Duration + e.DataWait;
        }
    }

    /// <summary>The most memory that the process ever had, which the largest batch so far needed; null on a GPU, of which TorchSharp doesn't tell.</summary>
    private static long? PeakMemory(Device device)
    {
        if (device.type != DeviceType.CPU)
            return null;
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is > 0 and var bytes ? bytes : null;
    }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Largest < Smallest)
            yield return new ValidationResult($"Largest is {Largest}, which is below Smallest, {Smallest}.");
    }
}
