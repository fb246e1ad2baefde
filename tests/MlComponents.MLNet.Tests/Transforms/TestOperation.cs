namespace MlComponents.MLNet.Tests.Transforms;

/// <summary>An operation made of two functions, which counts its batches and can be told to fail.</summary>
internal sealed record TestOperation(Func<IReadOnlyList<TensorSpec>, TensorSpec> Inference, Func<IReadOnlyList<Tensor>, Tensor> Function) : OperationDefinition
{
    /// <summary>Gives its first input.</summary>
    public static TestOperation Identity => new(inputs => inputs[0], inputs => inputs[0].alias());

    /// <summary>Gives the sum of all numbers of all inputs, in float64.</summary>
    public static TestOperation Sum => new(
        _ => new(ScalarType.Float64, []),
        inputs => inputs.Select(input => input.to(ScalarType.Float64).flatten(1).sum(1)).Aggregate((a, b) => a + b));

    private readonly List<long> batches = [];

    /// <summary>Rows of each batch so far.</summary>
    public long[] Batches
    {
        get
        {
            lock (batches)
                return [.. batches];
        }
    }

    public bool Fails { get; set; }

    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs) => Inference(inputs);

    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        if (Fails)
            throw new ArgumentException("told to fail");
        lock (batches)
            batches.Add(inputs[0].shape[0]);
        return Function(inputs);
    }
}
