using MlComponents.Tests.Layers;
using MlComponents.Tests.Native;

namespace MlComponents.Tests.Training.Precisions;

/// <summary>Every layer and network computes in the narrow types, forwards and backwards.</summary>
[TestClass]
[RequiresLinuxX64]
public sealed class PrecisionOfPartsTests
{
    public static IEnumerable<object[]> Layers => LayerExamples.All.Select(example => new object[] { example });

    private static IEnumerable<(NetworkDefinition Network, long[] Shape)> Networks =>
    [
        (new Mlp { Hidden = [8], Dropout = 0.5, Normalization = new BatchNorm() }, [6]),
        (new TabularResNet(), [6]),
        (new ConvNet(), [1, 12, 12]),
        (new ResNet { Width = 4 }, [3, 32, 32]), (new ResNet { Width = 2, Depth = 50, Stem = ResNetStem.Cifar, Dropout = 0.5 }, [3, 16, 16]),
        (new MobileNetV3 { WidthMultiplier = 0.1 }, [3, 32, 32]),
        (new TransformerClassifier { Width = 8, Heads = 2, Blocks = 1, Categories = [3, 4] }, [5]),
        (new TransformerClassifier { Width = 8, Heads = 2, Blocks = 1 }, [4, 3]),
        (new TransformerClassifier { Width = 8, Heads = 2, Blocks = 1, Vocabulary = 9, Padding = 0 }, [4]),
        (new UNet { Widths = [4, 8] }, [1, 16, 16]),
        (new BiSeNetV1(), [3, 64, 64]), (new BiSeNetV2(), [3, 64, 64]),
        (new Tmo { Encoder = TmoEncoder.MitB1, Motion = false, Size = 32 }, [3, 32, 32]),
    ];

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void ForwardAndBackward_OfEveryLayer_AreCloseToFloat32(LayerExample example)
    {
        using var scope = NewDisposeScope();
        var (layer, x) = example.Create(rows: 3, ScalarType.Float32);
        using var _ = layer;
        var expected = layer.call(x).detach();

        using (Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.BFloat16))
            Check(layer.call(x), expected, layer, ScalarType.Float32);
        layer.to(ScalarType.BFloat16);
        Check(layer.call(x.to(ScalarType.BFloat16)), expected, layer, ScalarType.BFloat16);
    }

    [TestMethod]
    [DataRow(TrainingPrecision.BFloat16Mixed)]
    [DataRow(TrainingPrecision.BFloat16)]
    public void ForwardAndBackward_OfEveryNetwork_Compute(TrainingPrecision precision)
    {
        var policy = PrecisionPolicy.Of(precision, CPU);
        foreach (var (definition, shape) in Networks)
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            using var network = (nn.Module<Tensor, Tensor>)definition.Build(
                new() { Inputs = definition.InputNames.ToDictionary(name => name, _ => shape), Outputs = 2, DType = policy.NetworkType });
            var x = (definition is TransformerClassifier ? randint(3, [2, .. shape]) : rand([2, .. shape])).to(policy.NetworkType);

            Tensor y;
            using (policy.Autocast())
                y = network is IAuxiliaryHeads heads ? heads.Heads(x).Select(head => head.to(ScalarType.Float32).sum()).Aggregate((a, b) => a + b) : network.call(x);

            Check(y, expected: null, network, policy.NetworkType);
            network.eval();
            using (policy.Autocast())
                Assert.IsTrue(network.call(x).isfinite().all().item<bool>(), definition.GetType().Name);
        }
    }

    private static void Check(Tensor y, Tensor? expected, nn.Module module, ScalarType type)
    {
        if (expected is not null)
            TensorAssert.AreClose(expected, y.to(ScalarType.Float32), 0.1);
        foreach (var (_, parameter) in module.named_parameters())
            parameter.grad = null;

        if (y.requires_grad)
            y.to(ScalarType.Float32).square().sum().backward();

        foreach (var (name, parameter) in module.named_parameters())
            if (parameter.grad is { } gradient)
            {
                Assert.AreEqual(type, gradient.dtype, name);
                Assert.IsTrue(gradient.isfinite().all().item<bool>(), name);
            }
    }
}
