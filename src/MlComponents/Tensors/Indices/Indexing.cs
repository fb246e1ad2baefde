using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Indexes a row as PyTorch's square brackets do: <c>"..., 0:3"</c> is the first three of the last dimension, <c>":, [2, 0, 1]"</c> reorders columns,
/// <c>"-1"</c> is the last element, <c>"[true, false, true]"</c> a mask, <c>"{1}"</c> the places that a second input names.
/// </summary>
/// <remarks>
/// <para>
/// The first input, {0}, is indexed: any type, which is the result's too; gradients flow to it. The parts of the text stand for its dimensions in order,
/// without that of the rows; those that aren't named stay whole.
/// </para>
/// <list type="table">
/// <item><term><c>3</c>, <c>-1</c></term><description>one place; negative ones count from the end. The dimension disappears.</description></item>
/// <item><term><c>1:5</c>, <c>:-1</c>, <c>::2</c></term><description>a slice from start to before stop by a step of at least 1, clamped as in Python; it may not
/// be empty.</description></item>
/// <item><term><c>...</c></term><description>as many whole dimensions as are left, once at most.</description></item>
/// <item><term><c>None</c></term><description>a new dimension of the size 1.</description></item>
/// <item><term><c>[2, 0, -1]</c></term><description>these places; nested lists have several dimensions.</description></item>
/// <item><term><c>[true, false]</c></term><description>the places that are true; a nested mask covers several dimensions, and they become one.</description></item>
/// <item><term><c>{1}</c>, <c>{2}</c></term><description>the places that another input holds, Int64, Int32, Int16, Int8 or Byte of any shape, different in
/// each row; negative ones count from the end. One out of range is an error that names the row, and so is a missing key of a column of ML.NET.</description></item>
/// </list>
/// <para>
/// Lists, masks and inputs broadcast against each other, as in PyTorch: their common shape replaces their dimensions if these are neighbours, and stands before
/// all others if not. Single places, and inputs of one number per row, are taken first and don't count there.
/// </para>
/// </remarks>
public sealed record Indexing : OperationDefinition, IValidatableObject
{
    /// <summary>The text between PyTorch's square brackets. Default: <c>...</c>, the whole row.</summary>
    public string Index { get; init; } = "...";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        OperationInputs.Problems(nameof(Index), () => IndexParser.Parse(Index));

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        var plan = Plan(inputs);
        return new(inputs[0].DType, plan.Shape);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var plan = Plan(this.RowSpecs(inputs));
        foreach (var (input, size) in plan.Columns)
            this.CheckRange(inputs[input], -size, size - 1, $"place of input {{{input}}}");

        return plan.Apply(inputs).MoveToOuterDisposeScope();
    }

    private IndexPlan Plan(IReadOnlyList<TensorSpec> inputs)
    {
        var items = IndexParser.Parse(Index);
        var columns = items.OfType<IndexItem.Column>().Select(column => column.Input).ToHashSet();
        this.CheckCount(inputs, 1 + columns.Append(0).Max());
        for (var i = 1; i < inputs.Count; i++)
        {
            if (!columns.Contains(i))
                throw new ArgumentException($"The index '{Index}' doesn't use the input {{{i}}}: name the inputs {{1}}, {{2}} and so on, without a gap.");
            if (inputs[i].DType == ScalarType.Bool)
                throw new ArgumentException($"The input {{{i}}} of the index '{Index}' is Bool: such a mask would leave as many elements as are true in each row, "
                    + "but the rows of a column have one shape. Index by whole numbers, or write the mask into the text.");
            this.CheckIntegers(inputs[i], $"input {{{i}}}");
        }
        return new IndexPlan(Index, items, inputs);
    }
}
