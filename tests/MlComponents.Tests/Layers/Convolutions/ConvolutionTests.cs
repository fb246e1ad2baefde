using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Layers.Convolutions;

[TestClass]
public sealed class ConvolutionTests
{
    [TestMethod]
    public void Describe_OfTheTextbooksConvolutions_CountsTheirWeights()
    {
        long[] image = [16, 8, 8];

        Assert.AreEqual(9216, new Convolution { Channels = 64, Bias = false }.Describe(image).Parameters);               // 3·3·16·64
        Assert.AreEqual(1152, new Convolution { Channels = 64, Groups = 8, Bias = false }.Describe(image).Parameters);   // 3·3·(16/8)·64
        Assert.AreEqual(144, new DepthwiseConvolution { Bias = false }.Describe(image).Parameters);                      // 3·3·16
        Assert.AreEqual(1024, new PointwiseConvolution { Channels = 64, Bias = false }.Describe(image).Parameters);      // 16·64
        Assert.AreEqual(1168, new SeparableConvolution { Channels = 64, Bias = false }.Describe(image).Parameters);
        Assert.AreEqual(9216 + 64, new Convolution { Channels = 64 }.Describe(image).Parameters);
        Assert.AreEqual(9216 + 128, new Convolution { Channels = 64, Normalization = new BatchNorm() }.Describe(image).Parameters);
        Assert.AreEqual(129, new Convolution { Channels = 64, Normalization = new BatchNorm() }.Describe(image).Buffers);
        Assert.AreEqual(2 * 2 * 16 * 64, new TransposedConvolution { Channels = 64, Bias = false }.Describe(image).Parameters);
    }

    [TestMethod]
    [DataRow(new[] { 1.0, 0, -1 }, PaddingMode.Zeros, new[] { -2.0, -2, -2, 3 })]
    [DataRow(new[] { 1.0, 0, -1 }, PaddingMode.Circular, new[] { 2.0, -2, -2, 2 })]
    [DataRow(new[] { 1.0, 0, -1 }, PaddingMode.Replicate, new[] { -1.0, -2, -2, -1 })]
    [DataRow(new[] { 1.0, 0, -1 }, PaddingMode.Reflect, new[] { 0.0, -2, -2, 0 })]
    [DataRow(new[] { 1.0, 1 }, PaddingMode.Zeros, new[] { 3.0, 5, 7, 4 })]   // an even kernel is padded at the end
    public void Convolution_OfOneTwoThreeFour_IsWhatOneCountsByHand(double[] kernel, PaddingMode mode, double[] expected)
    {
        using var scope = NewDisposeScope();
        using var layer = new Convolution { Channels = 1, KernelSize = [kernel.Length], PaddingMode = mode, Bias = false }.Create([1, 4]);
        layer.to(ScalarType.Float64);
        using (no_grad())
            layer.parameters().Single().copy_(tensor(kernel, [1, 1, kernel.Length]));

        var y = layer.call(tensor(new double[] { 1, 2, 3, 4 }, [1, 1, 4]));

        TensorAssert.AreClose(tensor(expected, [1, 1, 4]), y, tolerance: 1e-12);
    }

    [TestMethod]
    public void TransposedConvolution_WithItsDefaults_SpreadsEachPositionOverTwo()
    {
        using var scope = NewDisposeScope();
        using var layer = new TransposedConvolution { Channels = 1, Bias = false }.Create([1, 3]);
        using (no_grad())
            layer.parameters().Single().copy_(tensor(new[] { 1f, 10f }, [1, 1, 2]));

        var y = layer.call(tensor(new[] { 1f, 2f, 3f }, [1, 1, 3]));

        TensorAssert.AreClose(tensor(new[] { 1f, 10f, 2f, 20f, 3f, 30f }, [1, 1, 6]), y, tolerance: 1e-6);
    }

    [TestMethod]
    public void TransposedConvolution_WithAnOutputPaddingForEachDimension_AddsToEachItsOwn()
    {
        using var scope = NewDisposeScope();
        using var plane = new TransposedConvolution { Channels = 1, KernelSize = [1], Stride = [2, 3], OutputPadding = [1, 0], Bias = false }.Create([1, 1, 2]);
        using var space = new TransposedConvolution { Channels = 1, Stride = [1, 2, 3], OutputPadding = [0, 1, 2] }.Create([1, 2, 2, 2]);
        using (no_grad())
            plane.parameters().Single().fill_(1);

        var y = plane.call(tensor(new[] { 5f, 7f }, [1, 1, 1, 2]));

        TensorAssert.AreClose(tensor(new[] { 5f, 0, 0, 7, 0, 0, 0, 0 }, [1, 1, 2, 4]), y, tolerance: 1e-6);
        CollectionAssert.AreEqual(new long[] { 1, 1, 3, 5, 7 }, space.call(ones([1, 1, 2, 2, 2])).shape);
    }

    [TestMethod]
    public void SamePadding_OfEverySize_GivesTheSizeOverTheStrideRoundedUp()
    {
        for (var kernel = 1; kernel <= 5; kernel++)
            for (var stride = 1; stride <= 3; stride++)
                for (var dilation = 1; dilation <= 3; dilation++)
                    for (long size = 1; size <= 9; size++)
                    {
                        var definition = new Convolution { Channels = 1, KernelSize = [kernel], Stride = [stride], Dilation = [dilation] };

                        Assert.AreEqual((size + stride - 1) / stride, definition.Describe([1, size]).OutputShape[1], $"{definition} of {size}");
                    }
    }

    [TestMethod]
    [DataRow(new long[] { 4, 7 })]
    [DataRow(new long[] { 4, 5, 6 })]
    [DataRow(new long[] { 4, 3, 4, 3 })]
    public void Describe_OfEveryWindow_IsWhatIsBuilt(long[] shape)
    {
        var built = 0;
        foreach (var (kernel, stride, dilation) in from k in Enumerable.Range(1, 3) from s in Enumerable.Range(1, 3) from d in Enumerable.Range(1, 2) select (k, s, d))
            foreach (var padding in new IReadOnlyList<int>?[] { null, [0], [1] })
            {
                NormalizationDefinition norm = kernel == 2 ? new BatchNorm() : new NoNormalization();
                foreach (var definition in new PaddedConvolutionDefinition[]
                {
                    new Convolution { Channels = 6 }, new Convolution { Channels = 6, Groups = 2 }, new DepthwiseConvolution { Multiplier = 2 },
                    new SeparableConvolution { Channels = 3, DepthwiseNormalization = norm },
                })
                    built += IsWhatIsBuilt(definition with { KernelSize = [kernel], Stride = [stride], Dilation = [dilation], Padding = padding, Normalization = norm }, shape);
            }
        Assert.IsGreaterThan(150, built);
    }

    [TestMethod]
    [DataRow(new long[] { 4, 3 })]
    [DataRow(new long[] { 4, 2, 3 })]
    [DataRow(new long[] { 4, 1, 2, 2 })]
    public void Describe_OfEveryTransposedWindow_IsWhatIsBuilt(long[] shape)
    {
        var built = 0;
        foreach (var (kernel, stride, dilation) in from k in Enumerable.Range(1, 3) from s in Enumerable.Range(1, 3) from d in Enumerable.Range(1, 2) select (k, s, d))
            foreach (var (padding, end, groups) in from p in Enumerable.Range(0, 2) from e in Enumerable.Range(0, 2) from g in Enumerable.Range(1, 2) select (p, e, g))
                built += IsWhatIsBuilt(
                    new TransposedConvolution { Channels = 2, KernelSize = [kernel], Stride = [stride], Dilation = [dilation], Padding = [padding], OutputPadding = [end], Groups = groups },
                    shape);
        Assert.IsGreaterThan(80, built);
    }

    [TestMethod]
    public void Forward_OfOtherSizes_IsTakenUnlessTheyAreTooSmall()
    {
        using var scope = NewDisposeScope();
        using var layer = new Convolution { Channels = 2, Padding = [0] }.Create([3, 8, 8]);

        CollectionAssert.AreEqual(new long[] { 1, 2, 3, 9 }, layer.call(randn(1, 3, 5, 11)).shape);
        Assert.AreEqual(
            "Convolution can't take examples of [3, 5, 2]: along W the kernel spans 3, but there are 2 and a padding of 0: use at least 3, or a padding of at least 1.",
            Assert.ThrowsExactly<ArgumentException>(() => layer.call(randn(1, 3, 5, 2))).Message);
        Assert.AreEqual(
            "Convolution was built for [N, 3, H, W], but the input has the shape [1, 4, 5, 5].",
            Assert.ThrowsExactly<ArgumentException>(() => layer.call(randn(1, 4, 5, 5))).Message);
        Assert.ThrowsExactly<ArgumentException>(() => layer.call(randn(3, 8, 8)));
    }

    [TestMethod]
    public void Bias_WithoutAChoice_IsWhereTheNormalizationDoesntReplaceIt()
    {
        long[] image = [2, 4, 4];

        Assert.IsTrue(HasBias(new Convolution { Channels = 4 }));
        Assert.IsTrue(HasBias(new Convolution { Channels = 4, Normalization = new RmsNorm() }));
        Assert.IsFalse(HasBias(new Convolution { Channels = 4, Normalization = new BatchNorm() }));
        Assert.IsTrue(HasBias(new Convolution { Channels = 4, Normalization = new BatchNorm(), Bias = true }));
        Assert.IsFalse(HasBias(new TransposedConvolution { Channels = 4, Bias = false }));

        bool HasBias(ConvolutionDefinition definition)
        {
            using var layer = definition.Create(image);
            return layer.named_parameters().Any(parameter => parameter.name == "conv.bias");
        }
    }

    public static IEnumerable<object[]> Refused =>
    [
        [new Convolution(), new long[] { 3 }, "Convolution takes examples of the shape [C, L], [C, H, W] or [C, D, H, W], but these have [3]."],
        [new Convolution { KernelSize = [1, 7] }, new long[] { 3, 9 },
            "Convolution.KernelSize has 2 numbers, [1, 7], but examples of the shape [3, 9] have 1 dimension after the channels: give 1 number."],
        [new SeparableConvolution { Stride = [1, 2] }, new long[] { 3, 4, 4, 4 },
            "SeparableConvolution.Stride has 2 numbers, [1, 2], but examples of the shape [3, 4, 4, 4] have 3 dimensions after the channels: give 1 number for all of them or 3."],
        [new Convolution { Channels = 64, Groups = 3 }, new long[] { 16, 4, 4 },
            "Convolution.Groups is 3, into which 16 input and 64 output channels don't divide; allowed are 1, 2, 4, 8 and 16."],
        [new PointwiseConvolution { Channels = 5, Groups = 5 }, new long[] { 3, 4 }, "PointwiseConvolution.Groups is 5, into which 3 input and 5 output channels don't divide; allowed are 1."],
        [new Convolution { KernelSize = [7], Padding = [1] }, new long[] { 3, 4, 9 },
            "Convolution can't take examples of [3, 4, 9]: along H the kernel spans 7, but there are 4 and a padding of 1: use at least 5, or a padding of at least 2."],
        [new DepthwiseConvolution { Dilation = [3], Padding = [0] }, new long[] { 3, 6 },
            "DepthwiseConvolution can't take examples of [3, 6]: along L the kernel spans 7, but there are 6 and a padding of 0: use at least 7, or a padding of at least 1."],
        [new Convolution { KernelSize = [5], PaddingMode = PaddingMode.Reflect }, new long[] { 3, 9, 9, 2 },
            "Convolution can't take examples of [3, 9, 9, 2]: along W Reflect padding of 2 needs at least 3: use larger examples, less padding or Zeros."],
        [new Convolution { Padding = [3], PaddingMode = PaddingMode.Circular }, new long[] { 3, 2 },
            "Convolution can't take examples of [3, 2]: along L Circular padding of 3 needs at least 3: use larger examples, less padding or Zeros."],
        [new TransposedConvolution { Padding = [3] }, new long[] { 3, 2, 5 },
            "TransposedConvolution can't take examples of [3, 2, 5]: along H a padding of 3 leaves nothing of 2: use at least 4, or less padding."],
        [new TransposedConvolution { OutputPadding = [2] }, new long[] { 3, 4 },
            "TransposedConvolution.OutputPadding is 2, but it must be below the larger of stride and dilation, 2."],
        [new Convolution { Channels = 48, Normalization = new GroupNorm { Groups = 5 } }, new long[] { 3, 4, 4 },
            "GroupNorm.Groups is 5, into which 48 channels don't divide; allowed are 1, 2, 3, 4, 6, 8, 12, 16, 24 and 48."],
        [new Convolution { Padding = [0], Normalization = new InstanceNorm() }, new long[] { 3, 3, 3 },
            "InstanceNorm can't normalize one position, [64, 1, 1]: each channel of an example needs at least two; use LayerNorm or GroupNorm, which go across channels."],
    ];

    [TestMethod]
    [DynamicData(nameof(Refused))]
    public void CreateAndDescribe_OfWhatDoesNotFit_SayWhatDoes(LayerDefinition definition, long[] shape, string message)
    {
        Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentException>(() => definition.Create(shape)).Message);
        Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentException>(() => definition.Describe(shape)).Message);
    }

    [TestMethod]
    public void Validate_OfMistakesInTheOptions_ListsThem()
    {
        var groups = Assert.ThrowsExactly<ValidationException>(new Convolution { Channels = 6, Groups = 4 }.Validate);
        var sizes = Assert.ThrowsExactly<ValidationException>(new TransposedConvolution { KernelSize = [3, 0], Stride = [], Padding = [-1], Normalization = new BatchNorm { Epsilon = 0 } }.Validate);

        Assert.AreEqual("Convolution: Groups is 4, into which 6 output channels don't divide; allowed are 1, 2, 3 and 6.", groups.Message);
        Assert.Contains("TransposedConvolution.KernelSize[1] is 0; allowed is at least 1.", sizes.Message);
        Assert.Contains("TransposedConvolution.Stride is []; allowed is 1 to 3 elements.", sizes.Message);
        Assert.Contains("TransposedConvolution.Padding[0] is -1; allowed is at least 0.", sizes.Message);
        Assert.Contains("TransposedConvolution.Normalization.Epsilon is 0; allowed is above 0 and at most 1.", sizes.Message);
    }

    [TestMethod]
    public void Read_OfALayerWhereANormalizationIsNeeded_SaysSo()
    {
        var error = Assert.ThrowsExactly<ComponentException>(() => ComponentJson.Read<LayerDefinition>("""{ "name": "convolution", "normalization": "convolution" }"""));

        Assert.AreEqual("The layer 'convolution' is a Convolution, but a NormalizationDefinition is needed here.", error.Message);
    }

    [TestMethod]
    public void StateDict_OfEachKind_HasItsDocumentedKeys()
    {
        string[] convolution = ["conv.weight", "norm.weight", "norm.bias"];
        var norm = new BatchNorm();
        foreach (var definition in new ConvolutionDefinition[] { new Convolution(), new DepthwiseConvolution(), new PointwiseConvolution(), new TransposedConvolution() })
        {
            using var layer = (definition with { Normalization = norm }).Create([3, 4, 4]);
            CollectionAssert.AreEquivalent(convolution, layer.named_parameters().Select(parameter => parameter.name).ToList());
        }

        using var separable = new SeparableConvolution { Normalization = norm, DepthwiseNormalization = norm }.Create([3, 4, 4]);
        CollectionAssert.AreEquivalent(
            convolution.SelectMany(key => new[] { $"depthwise.{key}", $"pointwise.{key}" }).ToList(), separable.named_parameters().Select(parameter => parameter.name).ToList());
    }

    /// <summary>1 where arithmetic and the built layer agree, 0 where both refuse.</summary>
    private static int IsWhatIsBuilt(LayerDefinition definition, long[] shape)
    {
        using var scope = NewDisposeScope();
        ModuleDescription description;
        try
        {
            description = definition.Describe(shape);
        }
        catch (ArgumentException)
        {
            Assert.ThrowsExactly<ArgumentException>(() => definition.Create(shape), $"{definition}");
            return 0;
        }

        using var layer = definition.Create(shape);
        var parameters = layer.parameters().Sum(parameter => parameter.numel());
        Assert.AreEqual(parameters, description.Parameters, $"{definition}");
        Assert.AreEqual(layer.state_dict().Values.Sum(value => value.numel()) - parameters, description.Buffers, $"{definition}");
        CollectionAssert.AreEqual(layer.call(randn([2, .. shape])).shape[1..], description.OutputShape.ToArray(), $"{definition}");
        return 1;
    }
}
