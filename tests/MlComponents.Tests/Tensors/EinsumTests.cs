using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Tensors;

[TestClass]
public sealed class EinsumTests
{
    [TestMethod]
    [DataRow("ij->ik", "the output has the letter 'k', but no operand has it")]
    [DataRow("ij->ii", "the output has the letter 'i' more than once")]
    [DataRow("ij,j1->i", "'1' stands at character 5, but a term is made of letters, '...' and spaces, with commas between operands and one '->' before the output")]
    [DataRow("i.j", "'.' stands at character 2, but a term is made of letters, '...' and spaces, with commas between operands and one '->' before the output")]
    [DataRow(". ..i", "'.' stands at character 1, but a term is made of letters, '...' and spaces, with commas between operands and one '->' before the output")]
    [DataRow("...i...", "a second '...' stands at character 5, but a term has one at most")]
    [DataRow("i->......", "a second '...' stands at character 7, but a term has one at most")]
    [DataRow("ij->i->j", "'-' stands at character 6, but a term is made of letters, '...' and spaces, with commas between operands and one '->' before the output")]
    [DataRow("ij-", "'-' stands at character 3, but a term is made of letters, '...' and spaces, with commas between operands and one '->' before the output")]
    [DataRow("i->i,j", "',' stands at character 5, but a term is made of letters, '...' and spaces, with commas between operands and one '->' before the output")]
    [DataRow("é", "'é' stands at character 1, but a term is made of letters, '...' and spaces, with commas between operands and one '->' before the output")]
    [DataRow("ABCDEFGHIJKLMNOPQRSTUVWXYZ,abcdefghijklmnopqrstuvwxyz->", "it uses all 52 letters, but one has to be left for the rows")]
    public void Validate_OfAMalformedEquation_SaysWhere(string equation, string problem)
    {
        var einsum = new Einsum { Equation = equation };
        var sentence = $"The equation '{equation}' can't be computed: {problem}.";

        var invalid = Assert.ThrowsExactly<ValidationException>(einsum.Validate);
        var inferred = Assert.ThrowsExactly<ArgumentException>(() => einsum.Infer([new(ScalarType.Float32, [2, 2])]));

        Assert.AreEqual($"Einsum: {sentence}", invalid.Message);
        Assert.AreEqual(sentence, inferred.Message);
    }

    [TestMethod]
    [DataRow("ij->i", "2", "operand 0, counted from 0, has the letters 'ij', but rows of the shape [2]")]
    [DataRow("i,i", "2 2,2", "operand 1, counted from 0, has the letters 'i', but rows of the shape [2, 2]")]
    [DataRow("i...j", "2", "operand 0, counted from 0, has the letters 'i...j', but rows of the shape [2]")]
    [DataRow("ij,jk->ik", "2,3 4,2", "the letter 'j' has the size 3 in operand 0 and 4 in operand 1, counted from 0, but they must be equal or one of them 1")]
    [DataRow("i,i,i", "1 2 3", "the letter 'i' has the size 2 in operand 1 and 3 in operand 2, counted from 0, but they must be equal or one of them 1")]
    [DataRow("ii->i", "2,1", "the letter 'i' has the sizes 2 and 1 in operand 0, counted from 0, but within an operand they must be equal")]
    [DataRow("...,i...", "2,3 5,2", "the dimensions of '...' are [2, 3] and [2], but they must broadcast: aligned at the last one, sizes are equal or 1")]
    public void Infer_OfShapesThatDontFit_NamesLetterAndSizes(string equation, string shapes, string problem)
    {
        TensorSpec[] inputs = [.. shapes.Split(' ').Select(shape => new TensorSpec(ScalarType.Float32, [.. shape.Split(',').Select(long.Parse)]))];

        var error = Assert.ThrowsExactly<ArgumentException>(() => new Einsum { Equation = equation }.Infer(inputs));

        Assert.AreEqual($"The equation '{equation}' can't be computed: {problem}.", error.Message);
    }

    [TestMethod]
    public void Infer_OfAStretchedLetterTwiceInALaterOperand_ChecksBothPlaces()
    {
        // The first operand's 1 is stretched to 3 by the second one, whose own places must agree.
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Einsum { Equation = "i,ii->i" }.Infer([new(ScalarType.Float32, [1]), new(ScalarType.Float32, [3, 1])]));

        Assert.AreEqual("The equation 'i,ii->i' can't be computed: the letter 'i' has the sizes 3 and 1 in operand 1, counted from 0, but within an operand they must be equal.", error.Message);
    }

    [TestMethod]
    public void Infer_OfOtherTypes_SaysWhichAreAllowed()
    {
        var einsum = new Einsum { Equation = "i,i" };

        var mixed = Assert.ThrowsExactly<ArgumentException>(() => einsum.Infer([new(ScalarType.Float32, [2]), new(ScalarType.Int64, [2])]));
        var truth = Assert.ThrowsExactly<ArgumentException>(() => einsum.Infer([new(ScalarType.Bool, [2]), new(ScalarType.Bool, [2])]));
        var few = Assert.ThrowsExactly<ArgumentException>(() => einsum.Infer([new(ScalarType.Float32, [2])]));

        Assert.AreEqual("Einsum takes inputs of one type, but input 1, counted from 0, is Int64 and input 0 is Float32: convert one of them first.", mixed.Message);
        Assert.AreEqual("Einsum takes numbers, but its input is Bool: convert it first.", truth.Message);
        Assert.AreEqual("Einsum takes 2 inputs, but got 1.", few.Message);
    }
}
