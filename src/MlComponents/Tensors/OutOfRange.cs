namespace MlComponents;

/// <summary>What happens to an index or class that is negative or too large, e.g. the -1 of a missing key.</summary>
public enum OutOfRange
{
    /// <summary>The first one is an error that names its row.</summary>
    Error,

    /// <summary>It is left out, as if its element weren't there.</summary>
    Skip,
}
