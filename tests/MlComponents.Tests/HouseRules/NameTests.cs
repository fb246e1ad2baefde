// Every name of ours that a user writes must compile unqualified beside TorchSharp's own; these three lines are what users have.
using MlComponents;
using TorchSharp;
using static TorchSharp.torch;

namespace Users;

[TestClass]
public sealed class NameTests
{
    /// <summary>Public types that a user's file names, with the using lines above.</summary>
    private static readonly Type[] Names =
    [
        typeof(Accuracy), typeof(Activation), typeof(Adam), typeof(AdamW), typeof(Batch), typeof(BinaryAccuracy), typeof(BinaryCrossEntropy), typeof(BiSeNetV1), typeof(BiSeNetV2),
        typeof(CallbackDefinition), typeof(Cbam), typeof(ComponentAttribute), typeof(ComponentDefinition), typeof(ComponentException), typeof(ComponentJson),
        typeof(ComponentRegistry), typeof(Constant), typeof(ConvBlock), typeof(ConvNet), typeof(Cosine), typeof(CrossEntropy), typeof(DataLoader),
        typeof(Dataset), typeof(Devices), typeof(EarlyStopping), typeof(History), typeof(Huber), typeof(Loss), typeof(LossDefinition),
        typeof(MeanError), typeof(MeanSquaredError), typeof(Metric), typeof(MetricDirection), typeof(Mlp), typeof(NetworkContext),
        typeof(NetworkDefinition), typeof(Objective), typeof(Optimizer), typeof(OptimizerDefinition), typeof(RandomSampler), typeof(Sampler),
        typeof(ScheduleDefinition), typeof(SchedulePosition), typeof(SequentialSampler), typeof(Sgd), typeof(Step), typeof(TensorDataset),
        typeof(BatchNorm), typeof(FrozenBatchNorm), typeof(LayerNorm), typeof(InstanceNorm), typeof(GroupNorm), typeof(RmsNorm), typeof(LocalResponseNorm), typeof(NoNormalization),
        typeof(Convolution), typeof(DepthwiseConvolution), typeof(PointwiseConvolution), typeof(SeparableConvolution), typeof(TransposedConvolution), typeof(PaddingMode),
        typeof(LayerNormalize), typeof(InstanceNormalize), typeof(GroupNormalize),
        typeof(Tmo), typeof(TmoEncoder),
        typeof(Trainer), typeof(TrainerOptions), typeof(TrainingCallback), typeof(TrainingResult), typeof(TrainingRun), typeof(Weights),
        typeof(CosineEmbedding), typeof(Dice), typeof(Focal), typeof(FocalMode), typeof(Jaccard), typeof(KullbackLeibler), typeof(LabelMode), typeof(LossTerm),
        typeof(LovaszSoftmax), typeof(MeanAbsoluteError), typeof(OhemCrossEntropy), typeof(Quantile), typeof(Reduction), typeof(RegionLossDefinition), typeof(Triplet),
        typeof(Tversky), typeof(WeightedSum), typeof(WeightedTerm),
        // schedules and finders
        typeof(BatchSizeFinder), typeof(BatchSizeTrial), typeof(BatchSizeTrials), typeof(CosineRestarts), typeof(Exponential), typeof(ImprovementMode), typeof(LearningRateCurve),
        typeof(LearningRateFinder), typeof(LearningRatePoint), typeof(MultiStep), typeof(OneCycle), typeof(Polynomial), typeof(RampShape), typeof(ReduceOnPlateau), typeof(Warmup),
        // averages of the weights, freezing, beginnings
        typeof(ExponentialMovingAverage), typeof(StochasticWeightAveraging), typeof(WeightAverage), typeof(WeightAverageDefinition), typeof(Freeze), typeof(InitialWeights),
        // optimizers
        typeof(Adagrad), typeof(Lamb), typeof(Lion), typeof(NAdam), typeof(NamedParameter), typeof(ParameterGroup), typeof(RAdam), typeof(RmsProp),
        // observation
        typeof(ActivationDiagnosis), typeof(FeatureMaps), typeof(GradCam), typeof(GradCamMaps), typeof(Observer), typeof(ObserverOptions), typeof(WatchActivations),
        typeof(TensorBoard), typeof(TensorBoardScalars), typeof(TensorBoardWriter),
        // data
        typeof(BatchReadException), typeof(Example), typeof(ExampleDataset), typeof(MapDataset), typeof(Prefetching), typeof(ShuffledStream), typeof(StreamingDataset),
        // operations
        typeof(ArgMax), typeof(BinCount), typeof(Concatenate), typeof(Einsum), typeof(Equal), typeof(Indexing), typeof(InvalidRowException), typeof(OneHot), typeof(OperationDefinition),
        typeof(OutOfRange), typeof(Permute), typeof(Reshape), typeof(ScatterReduce), typeof(SegmentForm), typeof(SegmentReduce), typeof(SegmentReduction),
        typeof(Stack), typeof(TensorFunctions), typeof(TensorSpec), typeof(TopK), typeof(TopKOutput),
        // augmentations
        typeof(Augmentation), typeof(AugmentationDefinition), typeof(CutMix), typeof(ExampleRandom), typeof(MixUp), typeof(RandomAffine), typeof(RandomCrop), typeof(RandomErasing), typeof(RandomFlip),
        // samplers and splits
        typeof(BatchSampler), typeof(BucketedBatches), typeof(ClassBalance), typeof(ClassBalancedDraws), typeof(ClassBalancedSampler), typeof(DistributedSampler), typeof(Folds), typeof(RandomDraws),
        typeof(SamplerContext), typeof(SamplerDefinition), typeof(SizedBatches), typeof(Split), typeof(Subset), typeof(SubsetSampler), typeof(WeightedDraws), typeof(WeightedSampler),
        // metrics
        typeof(BoundaryF), typeof(ClassAverage), typeof(ConfusionMatrix), typeof(DiceCoefficient), typeof(F1), typeof(IoU), typeof(MeanIoU), typeof(PixelAccuracy),
        typeof(Precision), typeof(PrecisionRecallBins), typeof(PrecisionRecallCurve), typeof(PrecisionRecallPoint), typeof(R2), typeof(Recall), typeof(RegionAndBoundary), typeof(RegionJ), typeof(RocAuc), typeof(TopKAccuracy),
    ];

    [TestMethod]
    public void UnqualifiedNames_AreOurs()
    {
        foreach (var type in Names)
            Assert.AreEqual(typeof(ComponentDefinition).Assembly, type.Assembly, type.FullName);
    }

    [TestMethod]
    public void NoPublicName_MeansAnotherTypeToo()
    {
        var torch = typeof(TorchSharp.torch);
        string[] usual = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];
        var others = torch.Assembly.GetExportedTypes().Where(type => type.DeclaringType == torch || type is { DeclaringType: null, Namespace: "TorchSharp" })
            .Concat(new[] { typeof(object), typeof(Enumerable), typeof(HashSet<int>), typeof(HttpClient) }
                .SelectMany(type => type.Assembly.GetExportedTypes()).Where(type => type.DeclaringType is null && usual.Contains(type.Namespace)))
            .ToLookup(type => type.Name);

        var conflicts = typeof(ComponentDefinition).Assembly.GetExportedTypes().Where(type => type.DeclaringType is null)
            .SelectMany(type => others[type.Name].Select(other => $"{type.Name} and {other.FullName}")).ToList();

        Assert.IsEmpty(conflicts, string.Join(", ", conflicts));
        Assert.IsNotEmpty(others[nameof(TorchSharp.torch.Generator)]);
    }

    [TestMethod]
    public void AUsersFile_ReadsAsInTheReadme()
    {
        var options = new TrainerOptions { Optimizer = new AdamW { LearningRate = 2e-3 }, Schedule = new Warmup { Then = new Cosine() }, Callbacks = [new EarlyStopping()] };
        NetworkDefinition network = new Mlp { Hidden = [4], Activation = Activation.Gelu };

        using var scope = NewDisposeScope();
        using Loss loss = new CrossEntropy().Create(2);
        using var module = (nn.Module<Tensor, Tensor>)network.Create(NetworkContext.Of([3], outputs: 2));
        var value = loss.call(module.call(randn(5, 3)), zeros(5, ScalarType.Int64));

        options.Validate();
        Assert.AreEqual(0, value.dim());
    }
}
