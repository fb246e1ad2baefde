using System.ComponentModel.DataAnnotations;
using TorchSharp;
using static TorchSharp.torch;

namespace MlComponents.ScoreProbe;

/// <summary>An operation of the user's own: the differences of all pairs of a row's numbers, [C] to [C, C], times a factor.</summary>
[Component("pair-differences")]
public sealed record PairDifferences : OperationDefinition
{
    /// <summary>Factor.</summary>
    [Range(0.0, 10.0)]
    public double Factor { get; init; } = 1;

    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs) => inputs is [{ DType: ScalarType.Float32, Shape: [var count] }]
        ? new(ScalarType.Float32, [count, count])
        : throw new ArgumentException($"PairDifferences takes one vector of Float32, but was given {string.Join(", ", inputs)}.", nameof(inputs));

    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var x = inputs[0];                                                                     // [N, C]
        return (Factor * (x.unsqueeze(2) - x.unsqueeze(1))).MoveToOuterDisposeScope();         // [N, C, C]
    }
}
