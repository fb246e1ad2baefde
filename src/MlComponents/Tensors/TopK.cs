using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>The largest or smallest numbers along a dimension, or where they are. NaN is larger than any number, as in PyTorch.</summary>
/// <remarks>
/// One input of any type but Bool. Values have its type, and gradients flow to them; indices are Int64, counted from 0. Which of equal numbers come first, or
/// at all, isn't determined.
/// </remarks>
public sealed record TopK : OperationDefinition
{
    /// <summary>How many. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int K { get; init; } = 1;

    /// <summary>Dimension of the row; negative ones count from the end. -64 to 63; default -1, the last.</summary>
    [Range(-64, 63)]
    public int Dimension { get; init; } = -1;

    /// <summary>Whether the largest are meant, not the smallest. Default: true.</summary>
    public bool Largest { get; init; } = true;

    /// <summary>Whether they come in order, the most extreme first; otherwise their order isn't determined. Default: true.</summary>
    public bool Sorted { get; init; } = true;

    /// <summary>What the result is. Default: the values.</summary>
    [EnumDataType(typeof(TopKOutput))]
    public TopKOutput Output { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1);
        this.CheckNumbers(inputs[0], "input");
        var shape = inputs[0].Shape.ToArray();
        var dimension = OperationInputs.Dimension(this.Title(), Dimension, shape);
        if (K < 1 || K > shape[dimension])
            throw new ArgumentException($"TopK.K is {K}, but dimension {dimension} of the shape {Shown.Shape(shape)} has the size {shape[dimension]}: "
                + $"allowed is 1 to {shape[dimension]}.");
        shape[dimension] = K;
        return new(Output == TopKOutput.Values ? inputs[0].DType : ScalarType.Int64, shape);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        this.InferRows(inputs);
        var x = inputs[0];                                                                                       // [N, ...]
        var dimension = 1 + OperationInputs.Dimension(this.Title(), Dimension, x.shape[1..]);
        var (values, indices) = x.topk(K, dimension, Largest, Sorted);                                           // [N, ..., K, ...]

        return (Output == TopKOutput.Values ? values : indices).MoveToOuterDisposeScope();
    }
}

/// <summary>What <see cref="TopK"/> returns.</summary>
public enum TopKOutput
{
    /// <summary>The numbers themselves.</summary>
    Values,

    /// <summary>Their indices along the dimension.</summary>
    Indices,
}
