using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>What operations ask of their inputs, with a sentence for each thing that can be wrong.</summary>
internal static class OperationInputs
{
    /// <summary>The operation's result for the rows of a batch; checks the tensors on the way.</summary>
    public static TensorSpec InferRows(this OperationDefinition operation, IReadOnlyList<Tensor> inputs) => operation.Infer(operation.RowSpecs(inputs));

    /// <summary>Type and shape of a row of each tensor.</summary>
    /// <exception cref="ArgumentException">A tensor has no rows, rows without a number, or not as many rows as the first.</exception>
    public static IReadOnlyList<TensorSpec> RowSpecs(this OperationDefinition operation, IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] is not { } input)
                throw Error("is null");
            if (input.dim() == 0)
                throw Error("has no dimension, but the first one is that of the rows: give it the shape [N, ...]");
            if (input.shape.Skip(1).Contains(0))
                throw Error($"has rows of the shape {Shown.Shape(input.shape[1..])}, but each size must be at least 1");
            if (input.shape[0] != inputs[0].shape[0])
                throw Error($"has {input.shape[0]} rows, but input 0 has {inputs[0].shape[0]}: all have the same rows");

            ArgumentException Error(string problem) => new($"{operation.Title()}: input {i}, counted from 0, {problem}.");
        }
        return [.. inputs.Select(input => new TensorSpec(input.dtype, input.shape[1..]))];
    }

    /// <summary>The operation's name in messages.</summary>
    public static string Title(this OperationDefinition operation) => operation.GetType().Name;

    /// <exception cref="ArgumentException">There are too few inputs or too many.</exception>
    public static void CheckCount(this OperationDefinition operation, IReadOnlyList<TensorSpec> inputs, int least, int most = -1)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        most = Math.Max(least, most);
        if (inputs.Count >= least && inputs.Count <= most)
            return;
        var allowed = least == most ? Inputs(least) : most == int.MaxValue ? $"at least {Inputs(least)}" : $"{least} to {Inputs(most)}";
        throw new ArgumentException($"{operation.Title()} takes {allowed}, but got {inputs.Count}.");
    }

    /// <exception cref="ArgumentException">The inputs don't all have the type of the first.</exception>
    public static void CheckSameType(this OperationDefinition operation, IReadOnlyList<TensorSpec> inputs)
    {
        for (var i = 1; i < inputs.Count; i++)
            if (inputs[i].DType != inputs[0].DType)
                throw new ArgumentException($"{operation.Title()} takes inputs of one type, but input {i}, counted from 0, is {inputs[i].DType} "
                    + $"and input 0 is {inputs[0].DType}: convert one of them first.");
    }

    /// <exception cref="ArgumentException">An input isn't numbers.</exception>
    public static void CheckNumbers(this OperationDefinition operation, TensorSpec input, string role)
    {
        if (!IsNumber(input.DType))
            throw new ArgumentException($"{operation.Title()} takes numbers, but its {role} is {input.DType}: convert it first.");
    }

    /// <exception cref="ArgumentException">An input isn't whole numbers.</exception>
    public static void CheckIntegers(this OperationDefinition operation, TensorSpec input, string role)
    {
        if (!IsInteger(input.DType))
            throw new ArgumentException($"{operation.Title()} takes whole numbers as its {role}, Int64, Int32, Int16, Int8 or Byte, but this is {input.DType}.");
    }

    /// <summary>A dimension counted from 0, where negative ones count from the end.</summary>
    /// <param name="owner">Whose dimension it is, for the message.</param>
    /// <param name="dimension">As the user wrote it.</param>
    /// <param name="shape">The shape that has it.</param>
    /// <exception cref="ArgumentException">The shape has no such dimension.</exception>
    public static int Dimension(string owner, long dimension, IReadOnlyList<long> shape)
    {
        var rank = shape.Count;
        if (rank == 0)
            throw new ArgumentException($"{owner} works along a dimension, but a single number has none: give it the shape [1].");
        if (dimension < -rank || dimension >= rank)
            throw new ArgumentException($"{owner} was given the dimension {dimension}, but the shape {Shown.Shape(shape)} has {rank}: allowed is {-rank} to {rank - 1}.");
        return (int)(dimension < 0 ? dimension + rank : dimension);
    }

    /// <summary>Checks that indices are at least 0 and below a size, unless others are to be skipped.</summary>
    /// <exception cref="InvalidRowException">One is out of range and isn't to be skipped.</exception>
    public static void CheckIndices(this OperationDefinition operation, Tensor indices, long size, string role, OutOfRange outOfRange)
    {
        if (outOfRange == OutOfRange.Error)
            operation.CheckRange(indices, 0, size - 1, role, " Correct or filter such rows (a missing key is -1), or leave such values out with OutOfRange.Skip.");
    }

    /// <summary>Checks that whole numbers lie in a range.</summary>
    /// <param name="operation">Who asks.</param>
    /// <param name="values">Whole numbers, [N, ...].</param>
    /// <param name="least">Smallest number allowed.</param>
    /// <param name="most">Largest number allowed.</param>
    /// <param name="role">What such a number is, for the message.</param>
    /// <param name="remedy">What to do if one is out of range: the end of the message.</param>
    /// <exception cref="InvalidRowException">A number is out of range; it is of the first row that has one.</exception>
    public static void CheckRange(this OperationDefinition operation, Tensor values, long least, long most, string role, string remedy = "")
    {
        using var scope = NewDisposeScope();

        var whole = values.to(ScalarType.Int64);                                     // [N, ...], so that a byte can be compared with -1
        var outside = whole.lt(least).logical_or(whole.gt(most));                    // [N, ...]
        if (!outside.any().item<bool>())
            return;

        var at = outside.flatten().nonzero()[0].item<long>();
        var row = at / (values.numel() / values.shape[0]);
        var value = whole.flatten()[at].item<long>();
        throw new InvalidRowException(row, $"its {role} is {value}, but {operation.Title()} allows {least} to {most}.{remedy}");
    }

    /// <summary>The numbers of each row in one dimension, [N, L].</summary>
    public static Tensor Flat(Tensor x) => x.dim() == 1 ? x.unsqueeze(1) : x.flatten(1);

    /// <summary>What is wrong with a property whose text is to be parsed: nothing, or what the parser says.</summary>
    public static IEnumerable<ValidationResult> Problems(string property, Action parse)
    {
        try
        {
            parse();
            return [];
        }
        catch (ArgumentException e)
        {
            return [new ValidationResult(e.Message, [property])];
        }
    }

    /// <summary>The shape that shapes have together by PyTorch's broadcasting, or null where they don't fit.</summary>
    public static long[]? Broadcast(IEnumerable<IReadOnlyList<long>> shapes)
    {
        var all = shapes.ToList();
        var result = Enumerable.Repeat(1L, all.Max(shape => shape.Count)).ToArray();
        foreach (var shape in all)
            for (var d = 1; d <= shape.Count; d++)
            {
                var size = shape[^d];
                if (size != 1 && result[^d] != 1 && size != result[^d])
                    return null;
                result[^d] = Math.Max(size, result[^d]);
            }
        return result;
    }

    public static bool IsInteger(ScalarType type) => type is ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Int8 or ScalarType.Byte;

    public static bool IsFloat(ScalarType type) => type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;

    public static bool IsNumber(ScalarType type) => IsInteger(type) || IsFloat(type);

    private static string Inputs(int count) => count == 1 ? "1 input" : $"{count} inputs";
}
