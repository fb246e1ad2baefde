namespace MlComponents.MLNet;

/// <summary>Normalizes rows by statistics that were learnt from others. It isn't registered: its numbers are saved as tensors.</summary>
/// <param name="Input">Type and shape of one row.</param>
/// <param name="Means">μ of each number, or of each channel.</param>
/// <param name="Variances">σ² of each number, or of each channel.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Scale">γ.</param>
/// <param name="Shift">β.</param>
internal sealed record BatchNormalizeOperation(TensorSpec Input, double[] Means, double[] Variances, double Epsilon, double Scale, double Shift) : OperationDefinition
{
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        if (inputs[0].DType != Input.DType || !inputs[0].Shape.SequenceEqual(Input.Shape))
            throw new ArgumentException($"BatchNormalize learnt its statistics from rows of {Input}, but these are {inputs[0]}.", nameof(inputs));
        return Input with { DType = Input.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32 };
    }

    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var (rows, channels) = (inputs[0].shape[0], Means.Length);
        var x = inputs[0].to(ScalarType.Float64).reshape(rows, channels, Input.Count / channels);   // [N, C, P], float64: x − μ of large numbers
        var mean = tensor(Means).view(channels, 1);                                                 // [C, 1]
        var factor = Scale * (tensor(Variances).view(channels, 1) + Epsilon).rsqrt();               // [C, 1]
        var y = (x - mean) * factor + Shift;                                                        // [N, C, P]

        return y.reshape(inputs[0].shape).to(Infer([Input]).DType).MoveToOuterDisposeScope();       // [N, ...]
    }
}
