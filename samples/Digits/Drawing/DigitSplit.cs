namespace Digits;

/// <summary>What a drawn digit is for; the shapes of the two have no parameter in common.</summary>
public enum DigitSplit
{
    /// <summary>To learn from.</summary>
    Train,

    /// <summary>To be tested on.</summary>
    Test,
}
