namespace MlComponents;

/// <summary>
/// How the values of classes become one. Classes that occur neither among the labels nor among the predictions have no part in any of them.
/// </summary>
public enum ClassAverage
{
    /// <summary>The mean of the classes' values: every class counts the same.</summary>
    Macro,

    /// <summary>The value of all classes' counts together: every element counts the same.</summary>
    Micro,

    /// <summary>The mean of the classes' values, each weighted by the number of its labels.</summary>
    Weighted,
}
