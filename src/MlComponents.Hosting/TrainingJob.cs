using Microsoft.ML;

namespace MlComponents.Hosting;

/// <summary>A model to be trained in the background: its data, its pipeline, how it is judged, where it goes.</summary>
/// <remarks>
/// The functions are called one after another on a thread of the job's own, and may block. An error in one of them fails the job
/// (<see cref="TrainingHostOptions.OnFailure"/>).
/// </remarks>
public sealed record TrainingJob
{
    /// <summary>Reads the training rows. Throw an <see cref="IOException"/> or <see cref="InvalidDataException"/> with a clear sentence where that can't be done.</summary>
    public required Func<TrainingJobContext, IDataView> Data { get; init; }

    /// <summary>
    /// Builds the pipeline that is fitted to the rows. Pass the trainer's options through <see cref="TrainingJobContext.Attach"/>, so that its
    /// progress is seen and a stop of the host ends it with the best model so far.
    /// </summary>
    public required Func<TrainingJobContext, IEstimator<ITransformer>> Pipeline { get; init; }

    /// <summary>
    /// Judges the published model: metrics by name, which are logged. Left out when the host is stopping. Null, the default: not judged.
    /// </summary>
    public Func<TrainingJobContext, ITransformer, IReadOnlyDictionary<string, double>>? Evaluate { get; init; }

    /// <summary>Seed of the job's <see cref="MLContext"/>. Null, the default: drawn.</summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Folder of the model and its history. It must not hold another run's model. Null, the default: a new folder
    /// <c>{job}/{UTC timestamp}</c> in <see cref="TrainingHostOptions.OutputFolder"/>.
    /// </summary>
    public string? OutputFolder { get; init; }
}
