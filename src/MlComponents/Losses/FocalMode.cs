namespace MlComponents;

/// <summary>What the channels of a prediction and the numbers of a target mean to <see cref="Focal"/>.</summary>
public enum FocalMode
{
    /// <summary>One class of several by softmax: scores [N, C, ...] and class indices, int64 [N, ...].</summary>
    Multiclass,

    /// <summary>One class of several, each a question of yes or no by a sigmoid of its own: scores [N, C, ...] and class indices, int64 [N, ...].</summary>
    OneVersusRest,

    /// <summary>Any of several classes by sigmoids: scores [N, C, ...], and 0, 1, or a share, for each, [N, C, ...].</summary>
    Multilabel,

    /// <summary>Yes or no by a sigmoid: a score, and 0, 1, or a share, of the same shape, [N, ...].</summary>
    Binary,
}
