namespace MlComponents;

/// <summary>What becomes of the losses of a batch's elements; what an element is, each loss says.</summary>
public enum Reduction
{
    /// <summary>Their weighted mean, <c>Σ wᵢ·lᵢ / Σ wᵢ</c> over the elements that count; 0 where none does.</summary>
    Mean,

    /// <summary>Their weighted sum, <c>Σ wᵢ·lᵢ</c>.</summary>
    Sum,

    /// <summary>Nothing: each element's <c>wᵢ·lᵢ</c>, 0 where it doesn't count. Nothing can be trained with it.</summary>
    None,
}
