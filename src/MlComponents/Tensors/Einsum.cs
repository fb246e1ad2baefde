using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Einstein's summation over the dimensions of rows, as <c>torch.einsum</c>: <c>"ij,jk->ik"</c> is a matrix product, <c>"i,i->"</c> a dot product,
/// <c>"ii->i"</c> a diagonal, <c>"ij->ji"</c> a transpose.
/// </summary>
/// <remarks>
/// <para>
/// As many inputs as the equation has operands, of one type: any but Bool. Floating point gives the same type, and gradients flow to all inputs. Whole numbers are
/// computed in Int64 and give that, while PyTorch gives one type or the other by the way it takes; libtorch multiplies them on a CPU only.
/// </para>
/// <para>
/// A letter is a dimension, named once per place; <c>...</c> stands for any further dimensions of an operand, aligned at the last one where operands differ.
/// What the output doesn't name is summed over. Without <c>-></c> the output is the dimensions of <c>...</c> and then the letters that occur once, capitals
/// first. The same letter has the same size everywhere, but a size of 1 in one operand is stretched to that of another. Spaces don't count. The rows
/// aren't named: an equation has no letter for them, and so 51 at most.
/// </para>
/// </remarks>
public sealed record Einsum : OperationDefinition, IValidatableObject
{
    /// <summary>Operands and output, e.g. <c>ij,jk->ik</c>. Default: <c>...</c>, one input as it is.</summary>
    public string Equation { get; init; } = "...";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        OperationInputs.Problems(nameof(Equation), () => EinsumEquation.Parse(Equation));

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs) => Fit(inputs).Result;

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var (equation, result) = Fit(this.RowSpecs(inputs));
        var product = einsum(equation.OfRows(), [.. inputs.Select(input => input.to(result.DType))]);

        return product.MoveToOuterDisposeScope();
    }

    private (EinsumEquation Equation, TensorSpec Result) Fit(IReadOnlyList<TensorSpec> inputs)
    {
        var equation = EinsumEquation.Parse(Equation);
        this.CheckCount(inputs, equation.Operands.Count);
        this.CheckSameType(inputs);
        this.CheckNumbers(inputs[0], "input");
        var type = OperationInputs.IsFloat(inputs[0].DType) ? inputs[0].DType : ScalarType.Int64;
        return (equation, new(type, equation.Shape([.. inputs.Select(input => input.Shape)])));
    }
}
