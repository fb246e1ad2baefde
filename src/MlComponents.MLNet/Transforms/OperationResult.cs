namespace MlComponents.MLNet;

/// <summary>The results of an operation for some rows.</summary>
/// <param name="operation">The operation.</param>
/// <param name="spec">Type and shape of one row's result.</param>
/// <param name="inputs">Its inputs.</param>
/// <param name="places">Names of inputs, by their positions, whose keys say where to take something: a missing one, -1, would mean the last place.</param>
/// <param name="capacity">Rows that there is room for.</param>
internal sealed class OperationResult(
    OperationDefinition operation, TensorSpec spec, IReadOnlyList<TensorColumn> inputs, IReadOnlyDictionary<int, string> places, int capacity) : Computation(inputs)
{
    private readonly ResultColumn result = ResultColumn.Of(spec, capacity);

    protected override string Subject => $"The operation {operation.GetType().Name}";

    public override Delegate Getter(int output, Func<int> current) => result.Getter(current);

    protected override void Compute(IReadOnlyList<Tensor> tensors, int count)
    {
        foreach (var (input, name) in places)
            CheckKeys(tensors[input].view(count, -1), name);
        var rows = operation.Apply(tensors) ?? throw new InvalidOperationException("it returned null");
        long[] shape = [count, .. spec.Shape];
        if (rows.dtype != spec.DType || !rows.shape.SequenceEqual(shape))
            throw new InvalidOperationException($"it returned {new TensorSpec(rows.dtype, rows.shape)} where its Infer says {new TensorSpec(spec.DType, shape)}");
        result.Set(rows);
    }

    private static void CheckKeys(Tensor keys, string name)
    {
        var missing = keys.lt(0).any(dim: 1);   // [count]
        if (missing.any().item<bool>())
            throw new InvalidRowException(
                missing.to(ScalarType.Int64).argmax().item<long>(), $"its key in the column '{name}' is missing, so there is no place to take from: correct or filter such rows.");
    }
}
