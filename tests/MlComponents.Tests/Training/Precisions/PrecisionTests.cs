using MlComponents.Tests.Native;

namespace MlComponents.Tests.Training.Precisions;

/// <summary>What the trainer's precisions change, and what they don't.</summary>
[TestClass]
[RequiresLinuxX64]
public sealed class PrecisionTests
{
    [TestMethod]
    [DataRow(TrainingPrecision.Float32, ScalarType.Float32, ScalarType.Float32)]
    [DataRow(TrainingPrecision.BFloat16Mixed, ScalarType.BFloat16, ScalarType.Float32)]
    [DataRow(TrainingPrecision.Float16Mixed, ScalarType.Float16, ScalarType.Float32)]
    [DataRow(TrainingPrecision.BFloat16, ScalarType.BFloat16, ScalarType.BFloat16)]
    public void Fit_InEachPrecision_HasItsTypesEverywhere(TrainingPrecision precision, ScalarType product, ScalarType weight)
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(32, seed: 2);
        var seen = new SeenTypes();
        var gradients = new HashSet<ScalarType>();
        var options = Blobs.Options with
        {
            Epochs = 1, Precision = precision,
            Callbacks = [new LambdaCallback { OnBackwardEnd = e => gradients.UnionWith(e.Run.Network.parameters().Select(parameter => parameter.grad!.dtype)) }],
        };

        using var objective = new WatchedObjective(seen);
        using var result = new Trainer(options).Fit(context => new WatchedNetwork(context, seen), objective, training, validation);

        AreOnly(product, seen.TrainingProducts);
        AreOnly(product, seen.ValidationProducts);
        AreOnly(ScalarType.Float32, seen.Losses);
        AreOnly(ScalarType.Float32, seen.Outputs);
        AreOnly(weight, gradients);
        AreOnly(weight, result.Network.state_dict().Where(pair => pair.Key != "norm.num_batches_tracked").Select(pair => pair.Value.dtype));
        Assert.AreEqual(ScalarType.Int64, result.Network.state_dict()["norm.num_batches_tracked"].dtype);
        Assert.AreEqual(weight, result.Context.DType);
    }

    [TestMethod]
    [DataRow(TrainingPrecision.BFloat16Mixed)]
    [DataRow(TrainingPrecision.Float16Mixed)]
    [DataRow(TrainingPrecision.BFloat16)]
    public void Fit_InEachPrecision_LearnsAsWellAsInFloat32(TrainingPrecision precision)
    {
        using var training = Blobs.Create(300, seed: 1);
        using var validation = Blobs.Create(100, seed: 2);

        using var single = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);
        using var narrow = new Trainer(Blobs.Options with { Precision = precision }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

        Assert.AreEqual(single.History[2].Metrics["validation/accuracy"], narrow.History[2].Metrics["validation/accuracy"], 0.02);
        Assert.AreEqual(single.History[2].Metrics["validation/loss"], narrow.History[2].Metrics["validation/loss"], 0.02);
        Assert.AreNotEqual(single.History[2].Metrics["validation/loss"], narrow.History[2].Metrics["validation/loss"]);
    }

    [TestMethod]
    public void Fit_WithAutocast_EqualsAPlainLoopThatTurnsItOnByHand()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(160, seed: 1);
        var options = Blobs.Options with { Epochs = 1, Shuffle = false, Precision = TrainingPrecision.BFloat16Mixed };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        random.manual_seed(1);
        var network = (nn.Module<Tensor, Tensor>)Blobs.Network.Create(NetworkContext.Of([2], Blobs.Classes));
        using var optimizer = options.Optimizer.Create([.. network.parameters()]);
        for (var step = 0; step < 10; step++)
        {
            using var batch = training.Gather([.. Enumerable.Range(step * 16, 16).Select(i => (long)i)]);
            optimizer.ZeroGradients();
            Tensor output;
            using (Autocast.OfThisProcess.Enter(DeviceType.CPU, ScalarType.BFloat16))
                output = network.call(batch.Features);
            nn.functional.cross_entropy(output.to(ScalarType.Float32), batch.Label).backward();
            optimizer.Step();
        }
        CollectionAssert.AreEqual(Bits(network), Bits(result.Network));
    }

    [TestMethod]
    [DataRow(TrainingPrecision.BFloat16Mixed)]
    [DataRow(TrainingPrecision.Float16Mixed)]
    [DataRow(TrainingPrecision.BFloat16)]
    public void Fit_TwiceWithDropout_GivesTheSameBits(TrainingPrecision precision)
    {
        using var training = Blobs.Create(100, seed: 1);
        var trainer = new Trainer(Blobs.Options with { Precision = precision });
        var network = new Mlp { Hidden = [8], Dropout = 0.5 };

        using var first = trainer.Fit(network, Objective.Multiclass(Blobs.Classes), training);
        using var second = trainer.Fit(network, Objective.Multiclass(Blobs.Classes), training);

        CollectionAssert.AreEqual(Bits(first.Network), Bits(second.Network));
    }

    [TestMethod]
    public void Fit_InBFloat16_StartsFromTheRoundedWeightsOfFloat32()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(16, seed: 1);
        Dictionary<string, Tensor> Start(TrainingPrecision precision)
        {
            Dictionary<string, Tensor> weights = [];
            var watch = new LambdaCallback { OnTrainStart = e => weights = e.Run.Network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone()) };
            using var result = new Trainer(Blobs.Options with { Precision = precision, Callbacks = [watch] }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
            return weights;
        }

        var (single, narrow) = (Start(TrainingPrecision.Float32), Start(TrainingPrecision.BFloat16));

        foreach (var (name, weight) in single)
            TensorAssert.AreClose(weight.to(ScalarType.BFloat16), narrow[name], 0);
    }

    [TestMethod]
    public void Fit_EndedByAnErrorInTheNetwork_LeavesAutocastOff()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(16, seed: 1);
        var trainer = new Trainer(Blobs.Options with { Precision = TrainingPrecision.BFloat16Mixed });

        Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(_ => new Failing(), Objective.Multiclass(Blobs.Classes), training));

        Assert.AreEqual(ScalarType.Float32, ones(2, 2).matmul(ones(2, 2)).dtype);
    }

    [TestMethod]
    public void Fit_WithAutocast_HasItOffInCallbacks()
    {
        using var training = Blobs.Create(16, seed: 1);
        using var validation = Blobs.Create(16, seed: 2);
        var types = new HashSet<ScalarType>();
        void See()
        {
            using var scope = NewDisposeScope();
            types.Add(ones(2, 2).matmul(ones(2, 2)).dtype);
        }
        var watch = new LambdaCallback { OnStepStart = _ => See(), OnBackwardEnd = _ => See(), OnStepEnd = _ => See(), OnValidationEnd = _ => See(), OnTrainEnd = _ => See() };

        using var result = new Trainer(Blobs.Options with { Precision = TrainingPrecision.BFloat16Mixed, Callbacks = [watch] })
            .Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

        AreOnly(ScalarType.Float32, types);
    }

    [TestMethod]
    [DataRow(TrainingPrecision.BFloat16Mixed)]
    [DataRow(TrainingPrecision.Float16Mixed)]
    [DataRow(TrainingPrecision.BFloat16)]
    public void Fit_OverManySteps_LeavesNoTensorBehind(TrainingPrecision precision)
    {
        using var training = Blobs.Create(160, seed: 1);
        using var validation = Blobs.Create(40, seed: 2);
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with { Epochs = 4, Precision = precision, MaxGradientNorm = 1, Callbacks = [new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }] };
        TensorAssert.LiveCount();

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

        Assert.AreEqual(counts[15], counts[35]);
    }

    private static void AreOnly(ScalarType expected, IEnumerable<ScalarType> actual) => CollectionAssert.AreEqual(new[] { expected }, actual.Distinct().ToArray());

    private static byte[] Bits(nn.Module network) =>
        [.. network.state_dict().OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.contiguous().bytes.ToArray())];

    private sealed class Failing : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> linear = nn.Linear(2, Blobs.Classes);

        public Failing() : base(nameof(Failing)) => RegisterComponents();

        public override Tensor forward(Tensor x) => throw new InvalidOperationException();
    }
}
