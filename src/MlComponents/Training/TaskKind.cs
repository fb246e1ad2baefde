namespace MlComponents;

/// <summary>What the outputs of a task mean, for those who show them.</summary>
public enum TaskKind
{
    /// <summary>Something else.</summary>
    Other,

    /// <summary>Logits of classes, [N, C, ...], against class indices.</summary>
    Multiclass,

    /// <summary>The logit of yes, [N, ...], against 1 and 0.</summary>
    Binary,

    /// <summary>Numbers.</summary>
    Regression,
}
