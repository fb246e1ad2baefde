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
        // operations
        .Add<ArgMax>("arg-max")
        .Add<TopK>("top-k")
        .Add<Einsum>("einsum")
        .Add<Indexing>("index")
        .Add<Concatenate>("concatenate")
        .Add<Stack>("stack")
        .Add<Permute>("permute")
        .Add<Reshape>("reshape")
        .Add<OneHot>("one-hot")
        .Add<BinCount>("bin-count")
        .Add<Equal>("equal")
        .Add<ScatterReduce>("scatter-reduce")
        .Add<SegmentReduce>("segment-reduce")
        .Add<LayerNormalize>("layer-normalize")
        .Add<InstanceNormalize>("instance-normalize")
        .Add<GroupNormalize>("group-normalize")
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
