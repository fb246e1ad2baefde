namespace MlComponents.Tests.Tensors;

/// <summary>What every operation keeps to.</summary>
[TestClass]
public sealed class OperationTests
{
    private static readonly ScalarType[] ColumnTypes =
    [
        ScalarType.Float32, ScalarType.Float64, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    public static IEnumerable<object[]> Examples => Enumerable.Range(0, Example.All.Count).Select(i => new object[] { i });

    [TestMethod]
    public void Examples_HaveEveryRegisteredOperation()
    {
        var seen = Example.All.Select(example => ComponentRegistry.Default.NameOf(example.Operation)).Distinct().ToList();

        CollectionAssert.AreEquivalent(ComponentRegistry.CreateBuiltIn().Names<OperationDefinition>().ToList(), seen);
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void Apply_OfAnyNumberOfRows_GivesWhatWasInferred(int i)
    {
        var example = Example.All[i];
        var inferred = example.Operation.Infer(example.Specs);

        foreach (var rows in new long[] { 0, 1, 4 })
        {
            using var scope = NewDisposeScope();
            var result = example.Operation.Apply(example.Tensors(rows, seed: 1));

            Assert.AreEqual(inferred.DType, result.dtype, example.ToString());
            CollectionAssert.AreEqual(inferred.Shape.Prepend(rows).ToArray(), result.shape, example.ToString());
            Assert.AreEqual(rows * inferred.Count, result.numel());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void Apply_OfEveryTypeOfColumn_GivesWhatWasInferredOrASentence(int i)
    {
        var taken = 0;
        foreach (var type in ColumnTypes)
        {
            using var scope = NewDisposeScope();
            var first = Example.All[i].Inputs[0].DType;
            var example = Example.All[i] with { Inputs = [.. Example.All[i].Inputs.Select(input => input.DType == first ? input with { DType = type } : input)] };
            try
            {
                var inferred = example.Operation.Infer(example.Specs);

                Assert.AreEqual(inferred.DType, example.Operation.Apply(example.Tensors(rows: 2, seed: 7)).dtype, example.ToString());
                taken++;
            }
            catch (ArgumentException e)
            {
                StringAssert.Contains(e.Message, " takes ", example.ToString());
            }
        }

        Assert.IsGreaterThan(1, taken);
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void Apply_OfManyRows_IsThatOfEachRow(int i)
    {
        using var scope = NewDisposeScope();
        var example = Example.All[i];
        var inputs = example.Tensors(rows: 5, seed: 2);

        var together = example.Operation.Apply(inputs);
        var each = cat([.. Enumerable.Range(0, 5).Select(row => example.Operation.Apply([.. inputs.Select(input => input.narrow(0, row, 1))]))]);

        if (example.Operation is TopK { Sorted: false })
            (together, each) = (together.sort(1).Values, each.sort(1).Values);
        TensorAssert.AreClose(each, together, 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void Apply_LeavesOnlyItsResult(int i)
    {
        using var scope = NewDisposeScope();
        var example = Example.All[i];
        var inputs = example.Tensors(rows: 3, seed: 3);
        example.Operation.Apply(inputs).Dispose();   // compiles what is compiled once
        var live = TensorAssert.LiveCount();

        TensorAssert.LeavesOnly(1, () => example.Operation.Apply(inputs));
        Assert.AreEqual(live, TensorAssert.LiveCount());
        Assert.IsTrue(inputs.All(input => !input.IsInvalid));
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void Backward_InFloat64_IsThatOfDifferences(int i)
    {
        using var scope = NewDisposeScope();
        var example = Example.All[i];
        var inputs = example.Tensors(rows: 2, seed: 4);
        if (example.Operation is Equal or ArgMax or TopK { Output: TopKOutput.Indices })
            return;   // piecewise constant

        for (var k = 0; k < inputs.Length; k++)
            if (inputs[k].dtype == ScalarType.Float64)
                TensorAssert.GradientMatchesDifferences(x =>
                {
                    var y = example.Operation.Apply([.. inputs[..k], x, .. inputs[(k + 1)..]]);
                    return (y * linspace(1, 2, y.numel(), ScalarType.Float64).view(y.shape)).sum();
                }, inputs[k]);
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void Apply_ByManyThreads_GivesTheSame(int i)
    {
        using var scope = NewDisposeScope();
        var example = Example.All[i];
        var inputs = example.Tensors(rows: 3, seed: 5);
        var expected = example.Operation.Apply(inputs);

        var same = new bool[8];
        Parallel.For(0, same.Length, t =>
        {
            using var inner = NewDisposeScope();
            same[t] = example.Operation.Apply(inputs).eq(expected).all().item<bool>();
        });

        Assert.IsTrue(same.All(equal => equal));
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void Infer_OfNoInputsOrTooMany_SaysHowManyAreAllowed(int i)
    {
        var example = Example.All[i];

        var none = Assert.ThrowsExactly<ArgumentException>(() => example.Operation.Infer([]));

        StringAssert.Matches(none.Message, new(@"^\w+ takes (at least )?(\d to )?\d inputs?, but got 0\.$"));
        if (example.Operation is Stack or Concatenate)
            return;   // take any number
        var many = Assert.ThrowsExactly<ArgumentException>(() => example.Operation.Infer([.. Enumerable.Repeat(example.Specs[0], 9)]));
        StringAssert.Matches(many.Message, new(@"^\w+ takes (\d to )?\d inputs?, but got 9\.$"));
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void Apply_OfADifferentNumberOfRows_SaysSo(int i)
    {
        using var scope = NewDisposeScope();
        var example = Example.All[i];
        var inputs = example.Tensors(rows: 3, seed: 6);
        if (inputs.Length < 2)
            return;
        inputs[1] = inputs[1].narrow(0, 0, 2);

        var error = Assert.ThrowsExactly<ArgumentException>(() => example.Operation.Apply(inputs));

        Assert.AreEqual($"{example.Operation.GetType().Name}: input 1, counted from 0, has 2 rows, but input 0 has 3: all have the same rows.", error.Message);
    }

    [TestMethod]
    public void Apply_OfTensorsThatArentRows_SaysWhatIsMissing()
    {
        using var scope = NewDisposeScope();

        var number = Assert.ThrowsExactly<ArgumentException>(() => new Reshape().Apply([tensor(1f)]));
        var empty = Assert.ThrowsExactly<ArgumentException>(() => new ArgMax().Apply([zeros(2, 3, 0)]));
        var none = Assert.ThrowsExactly<ArgumentException>(() => new Stack().Apply([zeros(2), null!]));

        Assert.AreEqual("Reshape: input 0, counted from 0, has no dimension, but the first one is that of the rows: give it the shape [N, ...].", number.Message);
        Assert.AreEqual("ArgMax: input 0, counted from 0, has rows of the shape [3, 0], but each size must be at least 1.", empty.Message);
        Assert.AreEqual("Stack: input 1, counted from 0, is null.", none.Message);
    }

    [TestMethod]
    [DataRow("einsum", "iijjAk.... ,,->1")]
    [DataRow("index", "01129-+:::,,,  ....[[]]]{}truefalsNon")]
    public void Infer_OfRandomTexts_GivesAShapeOrASentence(string name, string letters)
    {
        var random = new Random(1);
        var understood = 0;
        for (var i = 0; i < 5_000; i++)
        {
            using var scope = NewDisposeScope();
            var text = string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => letters[random.Next(letters.Length)]));
            OperationDefinition operation = name == "einsum" ? new Einsum { Equation = text } : new Indexing { Index = text };
            try
            {
                var inferred = operation.Infer([new(ScalarType.Float32, [2, 2])]);

                CollectionAssert.AreEqual(inferred.Shape.Prepend(1).ToArray(), operation.Apply([ones(1, 2, 2)]).shape, text);
                understood++;
            }
            catch (ArgumentException e)
            {
                Assert.EndsWith(".", e.Message);
            }
        }

        Assert.IsGreaterThan(50, understood);
    }
}
