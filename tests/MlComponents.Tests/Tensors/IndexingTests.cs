using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Tensors;

[TestClass]
public sealed class IndexingTests
{
    [TestMethod]
    [DataRow("", " ends where a number, a slice like 0:3, a list like [2, 0], an input like {1}, None or '...' should stand")]
    [DataRow("1,,2", " has at character 3 ',', where a number, a slice like 0:3, a list like [2, 0], an input like {1}, None or '...' should stand")]
    [DataRow("1 2", " has at character 3 '2', where a comma or the end should stand")]
    [DataRow("1\0", " has at character 2 '\0', where a comma or the end should stand")]
    [DataRow("..., ...", " has at character 6 a second '...', of which there is one at most")]
    [DataRow("::-1", " has at character 3 the step -1, but a step is at least 1, as in PyTorch")]
    [DataRow("0:3:0", " has at character 5 the step 0, but a step is at least 1, as in PyTorch")]
    [DataRow("none", " has at character 1 the word 'none', where None or a list like [true, false] may stand")]
    [DataRow(":, true", " has at character 4 the word 'true', where None or a list like [true, false] may stand")]
    [DataRow("-", " has at character 1 '-', which is no whole number of 64 bits")]
    [DataRow("9223372036854775808", " has at character 1 '9223372036854775808', which is no whole number of 64 bits")]
    [DataRow("1.5", " has at character 2 '.', where a comma or the end should stand")]
    [DataRow("[]", " has at character 2 ']', where a number, true, false or a list should stand")]
    [DataRow("[1, ]", " has at character 5 ']', where a number, true, false or a list should stand")]
    [DataRow("[1, 2", " ends where a comma or ']' should stand")]
    [DataRow("[[1, 2], [3]]", " has at character 1 a list whose elements have different lengths")]
    [DataRow("[1, [2]]", " has at character 1 a list whose elements have different lengths")]
    [DataRow("0, [1, true]", " has at character 4 a list of both numbers and truth values")]
    [DataRow("[yes]", " has at character 2 the word 'yes', where a number, true, false or a list may stand")]
    [DataRow("[false, false]", " has at character 1 a list of false alone, which would select nothing")]
    [DataRow("{1", " ends where '}' should stand")]
    [DataRow("{x}", " has at character 2 'x', where the number of an input should stand")]
    [DataRow("{", " ends where the number of an input should stand")]
    [DataRow(":, {0}", " has at character 4 the input {0}, but those that index are {1}, {2} and so on, and {0} is what is indexed")]
    [DataRow("{1}:3", " has at character 1 an input in a slice, whose bounds are numbers because the rows of a column have one size")]
    [DataRow("0:{1}", " has at character 3 an input in a slice, whose bounds are numbers because the rows of a column have one size")]
    public void Validate_OfAMalformedText_SaysWhere(string index, string problem)
    {
        var indexing = new Indexing { Index = index };

        var invalid = Assert.ThrowsExactly<ValidationException>(indexing.Validate);
        var inferred = Assert.ThrowsExactly<ArgumentException>(() => indexing.Infer([new(ScalarType.Float32, [2, 2])]));

        Assert.AreEqual($"Indexing: The index '{index}'{problem}.", invalid.Message);
        Assert.AreEqual($"The index '{index}'{problem}.", inferred.Message);
    }

    [TestMethod]
    public void Validate_OfAListThatIsNestedWithoutEnd_IsAnErrorAndNoStackOverflow()
    {
        var deepest = new Indexing { Index = $"{new string('[', 64)}0{new string(']', 64)}" };
        var deeper = new Indexing { Index = new string('[', 100_000) };

        deepest.Validate();
        var e = Assert.ThrowsExactly<ValidationException>(deeper.Validate);

        StringAssert.EndsWith(e.Message, " has at character 65 a list inside 64 others, but a tensor has no more dimensions.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Apply_OfASliceWithTheLargestStep_TakesTheFirst()
    {
        using var scope = NewDisposeScope();

        var first = new Indexing { Index = $"1::{long.MaxValue}" }.Apply([arange(6).view(2, 3)]);

        CollectionAssert.AreEqual(new long[] { 2, 1 }, first.shape);
        CollectionAssert.AreEqual(new long[] { 1, 4 }, first.data<long>().ToArray());
    }

    [TestMethod]
    [DataRow("0, 0, 0", "it indexes 3 dimensions, but they have 2")]
    [DataRow("3", "the place 3 is out of range for dimension 0, which has the size 3: allowed is -3 to 2")]
    [DataRow(":, [0, -3]", "the place -3 is out of range for dimension 1, which has the size 2: allowed is -2 to 1")]
    [DataRow("2:1", "its slice of dimension 0, which has the size 3, is empty, but a column has at least one number per row")]
    [DataRow("..., 2:", "its slice of dimension 1, which has the size 2, is empty, but a column has at least one number per row")]
    [DataRow("[true, false]", "its mask has the shape [2], but covers the dimensions [3]")]
    [DataRow("[[true], [false], [true]]", "its mask has the shape [3, 1], but covers the dimensions [3, 2]")]
    [DataRow("[0, 1, 2], [0, 1]", "its lists and inputs have the shapes [3] and [2], which don't broadcast")]
    [DataRow("[true, true, true], [0, 1]", "its lists and inputs have the shapes [3] and [2], which don't broadcast")]
    public void Infer_OfATextThatDoesntFitTheRow_SaysWhy(string index, string problem)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Indexing { Index = index }.Infer([new(ScalarType.Float32, [3, 2])]));

        Assert.AreEqual($"The index '{index}' doesn't fit rows of the shape [3, 2]: {problem}.", error.Message);
    }

    [TestMethod]
    public void Infer_OfColumnsThatCantIndex_SaysWhy()
    {
        TensorSpec source = new(ScalarType.Float32, [3, 2]);
        var one = new Indexing { Index = "{1}" };

        var mask = Assert.ThrowsExactly<ArgumentException>(() => one.Infer([source, new(ScalarType.Bool, [3])]));
        var real = Assert.ThrowsExactly<ArgumentException>(() => one.Infer([source, new(ScalarType.Float32, [3])]));
        var missing = Assert.ThrowsExactly<ArgumentException>(() => one.Infer([source]));
        var gap = Assert.ThrowsExactly<ArgumentException>(() => new Indexing { Index = "{2}" }.Infer([source, new(ScalarType.Int64, []), new(ScalarType.Int64, [])]));

        Assert.AreEqual(
            "The input {1} of the index '{1}' is Bool: such a mask would leave as many elements as are true in each row, but the rows of a column have one shape. "
            + "Index by whole numbers, or write the mask into the text.", mask.Message);
        Assert.AreEqual("Indexing takes whole numbers as its input {1}, Int64, Int32, Int16, Int8 or Byte, but this is Float32.", real.Message);
        Assert.AreEqual("Indexing takes 2 inputs, but got 1.", missing.Message);
        Assert.AreEqual("The index '{2}' doesn't use the input {1}: name the inputs {1}, {2} and so on, without a gap.", gap.Message);
    }

    [TestMethod]
    [DataRow("{1}", 3L)]
    [DataRow(":, {1}", -3L)]
    public void Apply_OfAPlaceOutOfRange_NamesTheRow(string index, long place)
    {
        using var scope = NewDisposeScope();
        var places = zeros([4, 2], ScalarType.Int64);
        places[2, 1] = tensor(place);

        var error = Assert.ThrowsExactly<InvalidRowException>(() => new Indexing { Index = index }.Apply([ones(4, 3, 2), places]));

        var allowed = place > 0 ? "-3 to 2" : "-2 to 1";
        Assert.AreEqual($"Row 2 of the batch, counted from 0: its place of input {{1}} is {place}, but Indexing allows {allowed}.", error.Message);
    }

    [TestMethod]
    [DataRow(ScalarType.Bool)]
    [DataRow(ScalarType.Byte)]
    [DataRow(ScalarType.Int8)]
    [DataRow(ScalarType.Int16)]
    [DataRow(ScalarType.Int32)]
    [DataRow(ScalarType.Int64)]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void Apply_OfAnyType_KeepsIt(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var x = tensor(new long[] { 1, 0, 1, 0, 0, 1 }, [2, 3]).to(type);

        var y = new Indexing { Index = "[2, 1]" }.Apply([x]);

        Assert.AreEqual(type, y.dtype);
        TensorAssert.AreClose(tensor(new double[] { 1, 0, 1, 0 }, [2, 2]), y, 0);
    }
}
