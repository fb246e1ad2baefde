using System.IO.Compression;

namespace MlComponents.Tests.Training.Optimizers;

[TestClass]
public sealed class FusedTrainingTests
{
    private const int BatchSize = 128;

    private readonly int threads = get_num_threads();

    public static IEnumerable<object[]> Definitions => OptimizerPair.Definitions;

    public static IEnumerable<object[]> All => OptimizerExamples.All;

    /// <summary>Settings with which people train this network; wilder ones double every rounding error many times over, which float64 shows below.</summary>
    public static IEnumerable<object[]> UsualDefinitions =>
    [
        [new Adam()],
        [new AdamW()],
        [new Sgd { LearningRate = 0.1 }],
        [new Sgd { LearningRate = 0.01, Momentum = 0.9, WeightDecay = 1e-4, Nesterov = true }],
    ];

    /// <summary>Threads that wait for each other are slow where something else runs beside the tests.</summary>
    [TestInitialize]
    public void UseOneThread() => set_num_threads(1);

    [TestCleanup]
    public void RestoreThreads() => set_num_threads(threads);

    [TestMethod]
    [DynamicData(nameof(UsualDefinitions))]
    public void Step_OnGeneratedDigits_StaysWithTorchSharp(OptimizerDefinition definition) =>
        StaysWithTorchSharp(definition, GeneratedDigits(seed: 1), ScalarType.Float32, after20: 1e-6, after100: 1e-5);

    [TestMethod]
    [RequiresMnist]
    [DynamicData(nameof(UsualDefinitions))]
    public void Step_OnMnist_StaysWithTorchSharp(OptimizerDefinition definition) =>
        StaysWithTorchSharp(definition, Mnist(), ScalarType.Float32, after20: 1e-6, after100: null);

    [TestMethod]
    [RequiresMnist]
    [DynamicData(nameof(Definitions))]
    public void Step_OnMnistInDoublePrecision_StaysWithTorchSharp(OptimizerDefinition definition) =>
        StaysWithTorchSharp(definition, Mnist(), ScalarType.Float64, after20: 1e-12, after100: 1e-10);

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_LeavesNoTensors(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        using var network = CreateMlp();
        var (features, labels) = GeneratedDigits(seed: 1);
        var parameters = network.parameters().ToList();
        using var optimizer = definition.Create(parameters);
        GC.Collect();
        GC.WaitForPendingFinalizers();   // what earlier tests left behind is not counted below

        var counts = new Dictionary<int, long>();
        for (var step = 1; step <= 200; step++)
        {
            using var inner = NewDisposeScope();
            TakeStep(network, optimizer.ZeroGradients, optimizer.Step, features[..16], labels[..16]);
            new Gradients(parameters).Clip(1);
            if (step is 50 or 200)
                counts[step] = Tensor.TotalCount;
        }

        Assert.AreEqual(counts[50], counts[200]);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Dispose_FreesTheState(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        using var network = CreateMlp();
        var parameters = network.parameters().ToList();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        var kinds = definition switch
        {
            Sgd { Momentum: 0 } => 0,
            Sgd or Adagrad or Lion or RmsProp { Momentum: 0 } => 1,
            NAdam or RmsProp => 3,
            _ => 2,
        };

        var optimizer = definition.Create(parameters);
        var between = Tensor.TotalCount;
        optimizer.Dispose();

        Assert.AreEqual(before, Tensor.TotalCount);
        Assert.AreEqual(6 * kinds, between - before);
    }

    /// <param name="after100">Null where rounding of float32 may put a hidden unit on the other side of 0, after which the two part by much more: seen with Adam on MNIST with AVX-512.</param>
    private static void StaysWithTorchSharp(OptimizerDefinition definition, (Tensor Features, Tensor Labels) data, ScalarType type, double after20, double? after100)
    {
        using var scope = NewDisposeScope();
        using var fused = CreateMlp().to(type);
        using var stock = CreateMlp().to(type);
        stock.load_state_dict(fused.state_dict());
        using var pair = new OptimizerPair(definition, [.. fused.parameters()], [.. stock.parameters()]);
        var initially = pair.FusedParameters[0].clone();

        for (var step = 1; step <= 100; step++)
        {
            using var inner = NewDisposeScope();
            var start = (step - 1) * BatchSize % data.Features.shape[0];
            var (features, labels) = (data.Features.narrow(0, start, BatchSize).to(type), data.Labels.narrow(0, start, BatchSize));
            TakeStep(fused, pair.Fused.ZeroGradients, pair.Fused.Step, features, labels);
            TakeStep(stock, pair.Stock.zero_grad, () => pair.Stock.step(), features, labels);

            if (step == 20)
                Assert.IsLessThanOrEqualTo(after20, pair.LargestDifference(), "after 20 steps");
        }

        if (after100 is { } most)
            Assert.IsLessThanOrEqualTo(most, pair.LargestDifference(), "after 100 steps");
        Assert.IsGreaterThan(1e-3, (pair.FusedParameters[0] - initially).abs().max().ToDouble(), "the weights moved");
    }

    private static void TakeStep(nn.Module<Tensor, Tensor> network, Action zeroGradients, Action step, Tensor features, Tensor labels)
    {
        zeroGradients();
        nn.functional.cross_entropy(network.call(features), labels).backward();
        step();
    }

    private static nn.Module<Tensor, Tensor> CreateMlp()
    {
        manual_seed(7);
        return (nn.Module<Tensor, Tensor>)new Mlp { Hidden = [512, 256] }.Create(NetworkContext.Of([784], 10));
    }

    /// <summary>Ten patterns in much noise, so that gradients stay well above rounding errors, which Adam would enlarge: [2048, 784] and [2048].</summary>
    private static (Tensor Features, Tensor Labels) GeneratedDigits(ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var labels = randint(10, [2048], ScalarType.Int64, generator: generator);
        var patterns = rand([10, 784], generator: generator);
        var features = 0.3 * patterns[labels] + 0.3 * randn([2048, 784], generator: generator);
        return (features.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }

    /// <summary>The first 100 batches.</summary>
    private static (Tensor Features, Tensor Labels) Mnist()
    {
        const int Rows = 100 * BatchSize;
        var pixels = Read("train-images-idx3-ubyte.gz", header: 16, Rows * 784);
        var labels = Read("train-labels-idx1-ubyte.gz", header: 8, Rows);
        return (tensor(pixels).reshape(Rows, 784).to(ScalarType.Float32) / 255, tensor(labels).to(ScalarType.Int64));
    }

    private static byte[] Read(string file, int header, int count)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(SharedData.Mnist!, file)), CompressionMode.Decompress);
        var bytes = new byte[header + count];
        stream.ReadExactly(bytes);
        return bytes[header..];
    }
}
