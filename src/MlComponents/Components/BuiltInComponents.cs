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
        .Add<MeanAbsoluteError>("mean-absolute-error")
        .Add<Quantile>("quantile")
        .Add<KullbackLeibler>("kullback-leibler")
        .Add<CosineEmbedding>("cosine-embedding")
        .Add<Triplet>("triplet")
        .Add<Dice>("dice")
        .Add<Jaccard>("jaccard")
        .Add<Tversky>("tversky")
        .Add<Focal>("focal")
        .Add<LovaszSoftmax>("lovasz-softmax")
        .Add<OhemCrossEntropy>("ohem-cross-entropy")
        .Add<WeightedSum>("weighted-sum")
        // metrics
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
