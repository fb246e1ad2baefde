namespace MlComponents;

/// <summary>What a convolution sees beyond the edges of its input.</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The input mirrored at its edge, which isn't repeated: <c>c b | a b c | b a</c>.</summary>
    Reflect,

    /// <summary>The edge repeated: <c>a a | a b c | c c</c>.</summary>
    Replicate,

    /// <summary>The input from its other end: <c>b c | a b c | a b</c>.</summary>
    Circular,
}
