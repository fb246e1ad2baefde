namespace MlComponents;

/// <summary>How an improvement is measured.</summary>
public enum ImprovementMode
{
    /// <summary>As a share of the best value so far.</summary>
    Relative,

    /// <summary>In the metric's unit.</summary>
    Absolute,
}
