namespace MlComponents.Tests.Tensors;

/// <summary>An operation, and inputs that it takes: type and shape of a row, and for whole numbers how many there may be, counted from 0.</summary>
internal sealed record Example(OperationDefinition Operation, params (ScalarType DType, long[] Shape, long Below)[] Inputs)
{
    private const ScalarType F32 = ScalarType.Float32;
    private const ScalarType F64 = ScalarType.Float64;
    private const ScalarType I64 = ScalarType.Int64;
    private const ScalarType I32 = ScalarType.Int32;

    /// <summary>At least one of every operation.</summary>
    public static IReadOnlyList<Example> All { get; } =
    [
        new(new ArgMax(), (F32, [2, 3], 9)),
        new(new ArgMax { Dimension = null }, (I32, [2, 3], 9)),
        new(new TopK { K = 2 }, (F64, [3, 4], 9)),
        new(new TopK { K = 3, Dimension = 0, Output = TopKOutput.Indices, Largest = false, Sorted = false }, (F32, [3, 4], 9)),
        new(new Einsum(), (F64, [2, 3], 9)),
        new(new Einsum { Equation = "ij,jk" }, (F64, [2, 3], 9), (F64, [3, 2], 9)),
        new(new Einsum { Equation = "i,i,i->" }, (F64, [3], 9), (F64, [3], 9), (F64, [1], 9)),
        new(new Einsum { Equation = "ij->i" }, (I32, [2, 3], 9)),
        new(new Indexing(), (F64, [2, 3], 9)),
        new(new Indexing { Index = "1:, -1, None" }, (F64, [3, 2], 9)),
        new(new Indexing { Index = ":, [1, 0, 1]" }, (ScalarType.Bool, [3, 2], 2)),
        new(new Indexing { Index = "{1}, {2}, [0, 1]" }, (F64, [3, 2, 2], 9), (I32, [], 3), (I64, [2, 1], 2)),
        new(new Concatenate { Dimension = 1 }, (F64, [2, 1], 9), (F64, [2, 2], 9)),
        new(new Stack { Dimension = -1 }, (F64, [2, 2], 9), (F64, [2, 2], 9)),
        new(new Permute { Dimensions = [1, 0] }, (F64, [2, 3], 9)),
        new(new Reshape(), (F64, [2, 3], 9)),
        new(new OneHot { Classes = 3 }, (I64, [2], 3)),
        new(new OneHot { Classes = 3, DType = I32, OutOfRange = OutOfRange.Skip }, (I32, [], 9)),
        new(new BinCount { Bins = 3 }, (I64, [5], 3)),
        new(new BinCount { Bins = 3 }, (I64, [5], 3), (F64, [5], 9)),
        new(new BinCount { Bins = 3, OutOfRange = OutOfRange.Skip }, (I32, [2, 2], 9), (I32, [2, 2], 9)),
        new(new Equal(), (I64, [2, 1], 2), (I64, [3], 2)),
        new(new Equal { Value = 1 }, (F32, [2], 2)),
        new(new LayerNormalize(), (F64, [6], 9)),
        new(new LayerNormalize { Dimensions = 1 }, (F64, [2, 3], 9)),
        new(new InstanceNormalize(), (F64, [2, 3, 2], 9)),
        new(new GroupNormalize { Groups = 2 }, (F64, [4, 3], 9)),
        .. Enum.GetValues<SegmentReduction>().SelectMany(reduction => new Example[]
        {
            new(new ScatterReduce { Reduction = reduction, Dimension = 1, Size = 3 }, (F64, [2, 4], 9), (I64, [2, 4], 3)),
            new(new SegmentReduce { Reduction = reduction, Segments = 3 }, (F64, [4, 2], 9), (I32, [4], 3)),
            new(new SegmentReduce { Reduction = reduction, Segments = 2, Dimension = 1, OutOfRange = OutOfRange.Skip }, (F32, [2, 4], 9), (I64, [4], 3)),
            new(new SegmentReduce { Reduction = reduction, Form = SegmentForm.Csr }, (F64, [4, 2], 9), (I64, [3], 5)),
        }),
    ];

    /// <summary>Types and shapes of a row of each input.</summary>
    public TensorSpec[] Specs => [.. Inputs.Select(input => new TensorSpec(input.DType, input.Shape))];

    /// <summary>Random inputs with that many rows; offsets rise.</summary>
    public Tensor[] Tensors(long rows, int seed)
    {
        manual_seed(seed);
        var tensors = Inputs.Select(input => input.DType is F32 or F64
            ? randn([rows, .. input.Shape], input.DType)
            : randint(input.Below, [rows, .. input.Shape], ScalarType.Int64).to(input.DType)).ToArray();
        if (Operation is SegmentReduce { Form: SegmentForm.Csr })
            tensors[1] = tensors[1].sort(1).Values;
        return tensors;
    }

    public override string ToString() => $"{ComponentJson.Write(Operation)} of {string.Join<TensorSpec>(", ", Specs)}";
}
