using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Tensors;

/// <summary>What operations say about inputs and values that they can't take, beside <see cref="EinsumTests"/> and <see cref="IndexingTests"/>.</summary>
[TestClass]
public sealed class OperationErrorTests
{
    private static readonly TensorSpec Matrix = new(ScalarType.Float32, [2, 3]);
    private static readonly TensorSpec Indices = new(ScalarType.Int64, [2, 3]);
    private static readonly TensorSpec Vector = new(ScalarType.Float32, [4]);
    private static readonly TensorSpec Truths = new(ScalarType.Bool, [2, 3]);

    private static readonly (OperationDefinition Operation, TensorSpec[] Inputs, string Message)[] Mistakes =
    [
        (new ArgMax { Dimension = 2 }, [Matrix], "ArgMax was given the dimension 2, but the shape [2, 3] has 2: allowed is -2 to 1."),
        (new ArgMax { Dimension = -3 }, [Matrix], "ArgMax was given the dimension -3, but the shape [2, 3] has 2: allowed is -2 to 1."),
        (new ArgMax(), [new(ScalarType.Float32, [])], "ArgMax works along a dimension, but a single number has none: give it the shape [1]."),
        (new TopK { K = 4 }, [Matrix], "TopK.K is 4, but dimension 1 of the shape [2, 3] has the size 3: allowed is 1 to 3."),
        (new TopK(), [Truths], "TopK takes numbers, but its input is Bool: convert it first."),
        (new Concatenate(), [Matrix, Vector],
            "Concatenate along dimension 0 takes inputs that agree in all others, but input 1, counted from 0, has the shape [4] and input 0 has [2, 3]."),
        (new Concatenate { Dimension = 1 }, [Matrix, new(ScalarType.Float32, [3, 3])],
            "Concatenate along dimension 1 takes inputs that agree in all others, but input 1, counted from 0, has the shape [3, 3] and input 0 has [2, 3]."),
        (new Concatenate(), [Matrix, Indices], "Concatenate takes inputs of one type, but input 1, counted from 0, is Int64 and input 0 is Float32: convert one of them first."),
        (new Stack(), [Matrix, Matrix, Vector], "Stack takes inputs of one shape, but input 2, counted from 0, has [4] and input 0 has [2, 3]."),
        (new Stack { Dimension = 3 }, [Matrix, Matrix], "Stack was given the dimension 3, but the shape [2, 3, 1] has 3: allowed is -3 to 2."),
        (new Permute { Dimensions = [0, 0] }, [Matrix], "Permute.Dimensions is [0, 0], but the shape [2, 3] has 2 dimensions: name each of them once."),
        (new Permute { Dimensions = [0, -2] }, [Matrix], "Permute.Dimensions is [0, -2], but the shape [2, 3] has 2 dimensions: name each of them once."),
        (new Permute { Dimensions = [0] }, [Matrix], "Permute.Dimensions is [0], but the shape [2, 3] has 2 dimensions: name each of them once."),
        (new Permute { Dimensions = [0, 2] }, [Matrix], "Permute was given the dimension 2, but the shape [2, 3] has 2: allowed is -2 to 1."),
        (new Reshape { Shape = [4, -1] }, [Matrix], "Reshape.Shape is [4, -1], but a row of the shape [2, 3] has 6 numbers."),
        (new Reshape { Shape = [-1, -1] }, [Matrix], "Reshape.Shape is [-1, -1], but a row of the shape [2, 3] has 6 numbers."),
        (new Reshape { Shape = [0, -1] }, [Matrix], "Reshape.Shape is [0, -1], but a row of the shape [2, 3] has 6 numbers."),
        (new Reshape { Shape = [1L << 32, 1L << 32, -1] }, [Matrix], "Reshape.Shape is [4294967296, 4294967296, -1], but a row of the shape [2, 3] has 6 numbers."),
        (new Reshape { Shape = [] }, [Matrix], "Reshape.Shape is [], but a row of the shape [2, 3] has 6 numbers."),
        (new OneHot(), [Matrix], "OneHot takes whole numbers as its classes, Int64, Int32, Int16, Int8 or Byte, but this is Float32."),
        (new BinCount(), [Matrix], "BinCount takes whole numbers as its numbers to count, Int64, Int32, Int16, Int8 or Byte, but this is Float32."),
        (new BinCount(), [Indices, Vector], "BinCount takes one weight per number, but the numbers have the shape [2, 3] and the weights [4]."),
        (new BinCount(), [Indices, Truths], "BinCount takes numbers, but its weights is Bool: convert it first."),
        (new Equal(), [Matrix, Vector],
            "Equal takes shapes that broadcast, but these are [2, 3] and [4]: aligned at the last dimension, sizes must be equal or one of them 1."),
        (new Equal(), [Matrix, Indices], "Equal takes inputs of one type, but input 1, counted from 0, is Int64 and input 0 is Float32: convert one of them first."),
        (new Equal { Value = 0.5 }, [Indices], "Equal.Value is 0.5, but no Int64 can be that: give a value that one can, or convert the input first."),
        (new Equal { Value = 2 }, [Truths], "Equal.Value is 2, but no Bool can be that: give a value that one can, or convert the input first."),
        (new Equal { Value = -1 }, [new(ScalarType.Byte, [])], "Equal.Value is -1, but no Byte can be that: give a value that one can, or convert the input first."),
        (new Equal { Value = 1 }, [Matrix, Matrix], "Equal takes 1 input, but got 2."),
        (new ScatterReduce(), [Matrix, Matrix], "ScatterReduce takes whole numbers as its indices, Int64, Int32, Int16, Int8 or Byte, but this is Float32."),
        (new ScatterReduce(), [Vector, Indices], "ScatterReduce takes one index per number, but the numbers have the shape [4] and the indices [2, 3]."),
        (new ScatterReduce { Reduction = SegmentReduction.Mean }, [Indices, Indices], "ScatterReduce takes the mean of floating point numbers, but these are Int64: convert them to Float32 first."),
        (new ScatterReduce(), [Truths, Indices], "ScatterReduce takes numbers, but these are Bool: convert them first."),
        (new ScatterReduce { Dimension = 2 }, [Matrix, Indices], "ScatterReduce was given the dimension 2, but the shape [2, 3] has 2: allowed is -2 to 1."),
        (new SegmentReduce(), [Matrix, Vector], "SegmentReduce takes whole numbers as its indices, Int64, Int32, Int16, Int8 or Byte, but this is Float32."),
        (new SegmentReduce { Dimension = 1 }, [Matrix, new(ScalarType.Int64, [2])],
            "SegmentReduce takes one index per slice, but the numbers [2, 3] have 3 along dimension 1 and the indices have the shape [2]: allowed is [3]."),
        (new SegmentReduce { Form = SegmentForm.Csr }, [Matrix, new(ScalarType.Int64, [1])],
            "SegmentReduce takes offsets of the shape [S + 1] for S segments, at least 1, but these have [1]."),
        (new SegmentReduce { Form = SegmentForm.Csr }, [Matrix, Indices], "SegmentReduce takes offsets of the shape [S + 1] for S segments, at least 1, but these have [2, 3]."),
    ];

    [TestMethod]
    public void Infer_OfWhatDoesntFit_SaysWhyAndWhatDoes()
    {
        foreach (var (operation, inputs, message) in Mistakes)
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => operation.Infer(inputs), message);

            Assert.AreEqual(message, error.Message);
        }
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(-2L)]
    public void Validate_OfAShapeOfNoSize_SaysWhatIsAllowed(long size)
    {
        var error = Assert.ThrowsExactly<ValidationException>(new Reshape { Shape = [2, size] }.Validate);

        Assert.AreEqual($"Reshape: Shape is [2, {size}]; allowed are sizes of at least 1, and one -1 for what remains.", error.Message);
    }

    [TestMethod]
    public void Validate_OfTwoUnknownSizesOrAnOddType_SaysWhatIsAllowed()
    {
        var sizes = Assert.ThrowsExactly<ValidationException>(new Reshape { Shape = [-1, -1] }.Validate);
        var type = Assert.ThrowsExactly<ValidationException>(new OneHot { DType = ScalarType.ComplexFloat64 }.Validate);

        Assert.AreEqual("Reshape: Shape is [-1, -1]; allowed are sizes of at least 1, and one -1 for what remains.", sizes.Message);
        Assert.AreEqual("OneHot: DType is ComplexFloat64; allowed is Float32, Float64, Int64, Int32, Int16, Int8, Byte or Bool.", type.Message);
    }

    [TestMethod]
    public void Apply_OfAValueOutOfRange_NamesTheRow()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, 2);
        var places = tensor(new long[] { 0, 1, 1, 0, 1, 4 }, [3, 2]);
        var offsets = tensor(new long[] { 0, 2, 2, 1, 0, 2 }, [3, 2]);
        const string Remedy = " Correct or filter such rows (a missing key is -1), or leave such values out with OutOfRange.Skip.";

        Says($"Row 2 of the batch, counted from 0: its class is 4, but OneHot allows 0 to 2.{Remedy}", new OneHot { Classes = 3 }, places);
        Says($"Row 0 of the batch, counted from 0: its class is -1, but OneHot allows 0 to 1.{Remedy}", new OneHot(), places.to(ScalarType.Int8) - 1);
        Says($"Row 2 of the batch, counted from 0: its number is 4, but BinCount allows 0 to 3.{Remedy}", new BinCount { Bins = 4 }, places);
        Says($"Row 2 of the batch, counted from 0: its index is 4, but ScatterReduce allows 0 to 1.{Remedy}", new ScatterReduce { Size = 2 }, x, places);
        Says($"Row 2 of the batch, counted from 0: its segment is 4, but SegmentReduce allows 0 to 1.{Remedy}", new SegmentReduce { Segments = 2 }, x, places);
        Says("Row 2 of the batch, counted from 0: its offset is 4, but SegmentReduce allows 0 to 2.", new SegmentReduce { Form = SegmentForm.Csr }, x, places);
        Says("Row 1 of the batch, counted from 0: its step from one offset to the next is -1, but SegmentReduce allows 0 to 2.", new SegmentReduce { Form = SegmentForm.Csr }, x, offsets);

        static void Says(string message, OperationDefinition operation, params Tensor[] inputs) =>
            Assert.AreEqual(message, Assert.ThrowsExactly<InvalidRowException>(() => operation.Apply(inputs)).Message);
    }

    [TestMethod]
    public void Equal_OfLargeWholeNumbers_ComparesThemExactly()
    {
        using var scope = NewDisposeScope();

        var equal = new Equal { Value = 16_777_216 }.Apply([tensor(new long[] { 16_777_216, 16_777_217 })]);   // a float32 can't tell them apart

        CollectionAssert.AreEqual(new[] { true, false }, equal.data<bool>().ToArray());
    }
}
