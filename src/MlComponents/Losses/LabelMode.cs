namespace MlComponents;

/// <summary>What the channels of a prediction and the numbers of a target mean.</summary>
public enum LabelMode
{
    /// <summary>One class of several: scores [N, C, ...], whose softmax over C counts, and class indices, int64 [N, ...].</summary>
    Multiclass,

    /// <summary>Any of several classes: scores [N, C, ...], whose sigmoid counts, and 0, 1, or a share, for each, [N, C, ...].</summary>
    Multilabel,

    /// <summary>Yes or no: a score, whose sigmoid counts, and 0, 1, or a share, of the same shape, [N, ...].</summary>
    Binary,
}
