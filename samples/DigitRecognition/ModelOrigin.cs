namespace DigitRecognition;

/// <summary>Where a model is from.</summary>
/// <param name="Path">Its file.</param>
internal sealed record ModelOrigin(string Path)
{
    /// <summary>How long its training took in this process; null when it was trained before.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>Why its training ended early, or null.</summary>
    public string? StopReason { get; init; }

    /// <summary>SHA-256 of its file of weights in lower-case hexadecimal digits, where it has one.</summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>The step from which its training went on in this process, or null.</summary>
    public long? ResumedFromStep { get; init; }
}
