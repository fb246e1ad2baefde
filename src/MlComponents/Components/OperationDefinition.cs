namespace MlComponents;

/// <summary>Describes an operation on tensors without weights: the same for every row, e.g. the index of the largest number.</summary>
/// <remarks>
/// Shapes in the options and in <see cref="Infer"/> are those of one row; <see cref="Apply"/> takes many rows at once, with the rows as the first
/// dimension. An operation has no state, so one definition may be applied by several threads.
/// </remarks>
public abstract record OperationDefinition : ComponentDefinition
{
    /// <summary>Type and shape of one row's result, before there is data.</summary>
    /// <param name="inputs">Type and shape of one row of each input, in order.</param>
    /// <exception cref="ArgumentException">The operation can't take them: too few or many, a wrong type, shapes that don't fit; the message says which and what is allowed.</exception>
    public abstract TensorSpec Infer(IReadOnlyList<TensorSpec> inputs);

    /// <summary>The results of many rows.</summary>
    /// <param name="inputs">One tensor per input, [N, ...], as <see cref="Infer"/> was told.</param>
    /// <returns>A tensor [N, ...] of the inferred type and shape, in the caller's dispose scope; gradients flow where the operation has any.</returns>
    /// <exception cref="InvalidRowException">A value can't be used, e.g. an index out of range; the first row that has one is named.</exception>
    public abstract Tensor Apply(IReadOnlyList<Tensor> inputs);
}
