namespace MlComponents.MLNet;

/// <summary>
/// What happens to a training row that can't be learned from: its label is missing, or a feature, label or weight isn't finite, or its weight is
/// negative.
/// </summary>
public enum InvalidRows
{
    /// <summary>The first one is an error that names the row, the column and the value.</summary>
    Error,

    /// <summary>They are left out, and a warning says how many.</summary>
    Skip,
}
