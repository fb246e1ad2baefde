namespace MlComponents.MLNet;

/// <summary>The results of an operation for some rows.</summary>
internal sealed class OperationResult(OperationDefinition operation, TensorSpec spec, IReadOnlyList<TensorColumn> inputs, int capacity) : Computation(inputs)
{
    private readonly ResultColumn result = ResultColumn.Of(spec, capacity);

    protected override string Subject => $"The operation {operation.GetType().Name}";

    public override Delegate Getter(int output, Func<int> current) => result.Getter(current);

    protected override void Compute(IReadOnlyList<Tensor> tensors, int count)
    {
        var rows = operation.Apply(tensors) ?? throw new InvalidOperationException("it returned null");
        long[] shape = [count, .. spec.Shape];
        if (rows.dtype != spec.DType || !rows.shape.SequenceEqual(shape))
            throw new InvalidOperationException($"it returned {new TensorSpec(rows.dtype, rows.shape)} where its Infer says {new TensorSpec(spec.DType, shape)}");
        result.Set(rows);
    }
}
