namespace DigitRecognition;

/// <summary>What was asked for; null where nothing was.</summary>
internal sealed record TrainOptions
{
    /// <summary>Folder with the MNIST files.</summary>
    public string? Data { get; init; }

    /// <summary>One of <see cref="Trainers.Names"/>.</summary>
    public string? Network { get; init; }

    /// <summary>Passes over the training rows, at least 1.</summary>
    public int? Epochs { get; init; }

    /// <summary>Seed of the drawn digits and of the training, at least 0.</summary>
    public int? Seed { get; init; }

    /// <summary>One of <see cref="Digits.DigitRecipes.Names"/>.</summary>
    public string? Recipe { get; init; }

    /// <summary>One of <see cref="Trainers.Precisions"/>.</summary>
    public string? Precision { get; init; }

    /// <summary>Steps between two checkpoints, at least 1; null: one after every epoch.</summary>
    public int? CheckpointSteps { get; init; }

    /// <summary>Threads that read batches ahead, 0 to 256; null: none.</summary>
    public int? Workers { get; init; }

    /// <summary>Folder for TensorBoard's files; null: none are written.</summary>
    public string? TensorBoard { get; init; }

    /// <summary>Whether a report of the training is written beside the results.</summary>
    public bool HtmlReport { get; init; }

    /// <summary>Folder for the results; null: a new one or, with <see cref="Resume"/>, the newest.</summary>
    public string? Output { get; init; }

    /// <summary>Whether a run goes on where it was left.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether standard output is for one JSON object.</summary>
    public bool Json { get; init; }
}
