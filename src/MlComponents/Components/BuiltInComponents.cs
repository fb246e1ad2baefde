namespace MlComponents;

/// <summary>The components that need no registration.</summary>
internal static class BuiltInComponents
{
    public static ComponentRegistry AddTo(ComponentRegistry registry) => registry
        // networks
        .Add<Mlp>("mlp")
        .Add<ConvNet>("convnet")
        // layers: normalization
        .Add<BatchNorm>("batch-norm")
        .Add<NoNormalization>("none")
        // layers: convolutions
        // layers: attention and blocks
        // losses
        .Add<CrossEntropy>("cross-entropy")
        .Add<BinaryCrossEntropy>("binary-cross-entropy")
        .Add<MeanSquaredError>("mean-squared-error")
        .Add<Huber>("huber")
        // metrics
        .Add<Accuracy>("accuracy")
        .Add<BinaryAccuracy>("binary-accuracy")
        .Add<TopKAccuracy>("top-k-accuracy")
        .Add<Precision>("precision")
        .Add<Recall>("recall")
        .Add<F1>("f1")
        .Add<RocAuc>("roc-auc")
        .Add<PixelAccuracy>("pixel-accuracy")
        .Add<IoU>("iou")
        .Add<MeanIoU>("mean-iou")
        .Add<DiceCoefficient>("dice")
        .Add<RegionJ>("region-j")
        .Add<BoundaryF>("boundary-f")
        .Add<RegionAndBoundary>("region-and-boundary")
        .Add<MeanError>("mean-error")
        .AddPreset("mae", new MeanError { Power = 1 })
        .AddPreset("mse", new MeanError { Power = 2, TakesRoot = false })
        .AddPreset("rmse", new MeanError { Power = 2 })
        .Add<R2>("r2")
        // operations
        // optimizers
        .Add<Sgd>("sgd")
        .Add<Adam>("adam")
        .Add<AdamW>("adamw")
        // schedules
        .Add<Constant>("constant")
        .Add<Cosine>("cosine")
        .Add<Step>("step")
        // callbacks
        .Add<EarlyStopping>("early-stopping");
}
