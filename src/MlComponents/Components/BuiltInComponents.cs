namespace MlComponents;

/// <summary>The components that need no registration.</summary>
internal static class BuiltInComponents
{
    public static ComponentRegistry AddTo(ComponentRegistry registry) => registry
        // networks
        .Add<Mlp>("mlp")
        .Add<ConvNet>("convnet")
        .Add<TabularResNet>("tabular-resnet")
        .Add<TransformerClassifier>("transformer-classifier")
        .Add<ResNet>("resnet")
        .AddPreset("resnet18", new ResNet { Depth = 18 })
        .AddPreset("resnet34", new ResNet { Depth = 34 })
        .AddPreset("resnet50", new ResNet { Depth = 50 })
        .AddPreset("resnet101", new ResNet { Depth = 101 })
        .AddPreset("resnet152", new ResNet { Depth = 152 })
        .Add<MobileNetV3>("mobilenet-v3")
        .AddPreset("mobilenet-v3-large", new MobileNetV3 { Variant = MobileNetV3Variant.Large })
        .AddPreset("mobilenet-v3-small", new MobileNetV3 { Variant = MobileNetV3Variant.Small })
        .Add<UNet>("unet")
        .Add<BiSeNetV1>("bisenet-v1")
        .Add<BiSeNetV2>("bisenet-v2")
        .Add<Tmo>("tmo")
        // layers: normalization
        .Add<BatchNorm>("batch-norm")
        .Add<FrozenBatchNorm>("frozen-batch-norm")
        .Add<LayerNorm>("layer-norm")
        .Add<InstanceNorm>("instance-norm")
        .Add<GroupNorm>("group-norm")
        .Add<RmsNorm>("rms-norm")
        .Add<LocalResponseNorm>("local-response-norm")
        .Add<NoNormalization>("none")
        // layers: convolutions
        .Add<Convolution>("convolution")
        .Add<DepthwiseConvolution>("depthwise-convolution")
        .Add<PointwiseConvolution>("pointwise-convolution")
        .Add<SeparableConvolution>("separable-convolution")
        .Add<TransposedConvolution>("transposed-convolution")
        // layers: attention and blocks
        .Add<MultiHeadAttention>("multi-head-attention")
        .Add<TransformerEncoderBlock>("transformer-encoder-block")
        .Add<ResidualBlock>("residual-block")
        .Add<BottleneckBlock>("bottleneck-block")
        .Add<SqueezeExcitation>("squeeze-excitation")
        .Add<InvertedResidual>("inverted-residual")
        .Add<Cbam>("cbam")
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
