namespace MlComponents.Tests.Losses;

/// <summary>Every built-in loss in several forms, with predictions and targets that it takes.</summary>
internal static class LossExamples
{
    public const int Classes = 3;

    /// <summary>Losses of each element on its own.</summary>
    private static IEnumerable<LossDefinition> AdditiveDefinitions =>
    [
        new CrossEntropy(), new CrossEntropy { ClassWeights = [0.5, 2, 3] }, new CrossEntropy { IgnoreIndex = 1 },
        new CrossEntropy { ClassWeights = [0.2, 1, 4], LabelSmoothing = 0.2, IgnoreIndex = -1 },
        new BinaryCrossEntropy(), new BinaryCrossEntropy { PositiveWeight = 3, LabelSmoothing = 0.1 },
        new BinaryCrossEntropy { FromLogits = false }, new BinaryCrossEntropy { FromLogits = false, PositiveWeight = 0.5, IgnoreIndex = 1 },
        new MeanSquaredError(), new MeanSquaredError { IgnoreIndex = 1 }, new MeanAbsoluteError(), new Huber(), new Huber { Delta = 0.3 },
        new Quantile(), new Quantile { Quantiles = [0.1, 0.5, 0.9] }, new Quantile { Quantiles = [0.1, 0.5, 0.9], IgnoreIndex = 1 },
        new KullbackLeibler(), new CosineEmbedding { Margin = 0.1 }, new CosineEmbedding { IgnoreIndex = -1 },
        new Triplet(), new Triplet { Norm = 3, Swap = true, Margin = 4 }, new Triplet { IgnoreIndex = 1, Margin = 6 },
        new Focal(), new Focal { Gamma = 0.5, ClassWeights = [0.5, 2, 3] }, new Focal { ReducedThreshold = 0.5, IgnoreIndex = 0 },
        new Focal { Mode = FocalMode.OneVersusRest, Alpha = 0.25, ClassWeights = [0.5, 2, 3] }, new Focal { Mode = FocalMode.OneVersusRest, IgnoreIndex = 2 },
        new Focal { Mode = FocalMode.Multilabel, ClassWeights = [0.5, 2, 3] }, new Focal { Mode = FocalMode.Binary, Alpha = 0.7 },
    ];

    /// <summary>Losses that look at the elements of a batch together, and sums.</summary>
    private static IEnumerable<LossDefinition> OtherDefinitions =>
    [
        new Focal { Normalized = true }, new Focal { Mode = FocalMode.OneVersusRest, Normalized = true }, new Focal { Mode = FocalMode.Multilabel, Normalized = true },
        new Dice(), new Dice { LogLoss = true, Smoothing = 1, Classes = [0, 2], ClassWeights = [1, 2] }, new Dice { Mode = LabelMode.Binary },
        new Jaccard(), new Jaccard { Mode = LabelMode.Multilabel, FromLogits = false }, new Jaccard { IgnoreIndex = 0 },
        new Tversky { Alpha = 0.3, Beta = 0.7 }, new Tversky { Gamma = 0.75 }, new LovaszSoftmax(), new LovaszSoftmax { PerImage = true, IgnoreIndex = 1 },
        new OhemCrossEntropy(), new OhemCrossEntropy { Threshold = 0.1, MinimumKept = 0, ClassWeights = [0.5, 2, 3] }, new WeightedSum(),
        new WeightedSum { IgnoreIndex = 1, Terms = [new() { Term = "a", Weight = 0.5, Loss = new CrossEntropy() }, new() { Term = "b", Loss = new Focal { IgnoreIndex = 0 } }] },
    ];

    public static IEnumerable<object[]> Additive => AdditiveDefinitions.Select(Row);

    public static IEnumerable<object[]> All => AdditiveDefinitions.Concat(OtherDefinitions).Select(Row);

    /// <summary>The names of the losses that these examples have.</summary>
    public static IEnumerable<string> Names => AdditiveDefinitions.Concat(OtherDefinitions).Select(ComponentRegistry.Default.NameOf).Distinct();

    public static LossDefinition Definition(string json) => ComponentJson.Read<LossDefinition>(json);

    public static Loss Create(string json) => Definition(json).Create(Classes);

    /// <summary>Predictions and targets, float64, which are more than a few steps of differences away from every kink.</summary>
    public static (Tensor X, Tensor T) Of(string json, int rows)
    {
        manual_seed(3);
        var maps = 2 * randn(rows, Classes, 4, dtype: ScalarType.Float64);                         // [N, C, L]
        var labels = arange(rows * 4, ScalarType.Int64).remainder(Classes).view(rows, 4);          // [N, L]
        var numbers = 2 * randn(rows, Classes, dtype: ScalarType.Float64);                         // [N, C]
        var halves = arange(rows * Classes, ScalarType.Int64).remainder(3).to(ScalarType.Float64).div(2).view(rows, Classes);   // 0, ½ and 1
        var bits = arange(rows * Classes, ScalarType.Int64).remainder(2).view(rows, Classes);      // 0 and 1
        var signs = 1 - 2 * arange(rows, ScalarType.Int64).remainder(2);                           // [N]
        return Definition(json) switch
        {
            BinaryCrossEntropy { FromLogits: false } => (numbers.sigmoid(), halves),
            RegionLossDefinition { Mode: not LabelMode.Multiclass, FromLogits: false } => (numbers.sigmoid(), bits),
            RegionLossDefinition { Mode: not LabelMode.Multiclass } => (numbers, bits),
            Focal { Mode: FocalMode.Binary or FocalMode.Multilabel } => (numbers, bits),
            Quantile { Quantiles.Count: > 1 } => (numbers, arange(rows, ScalarType.Int64).remainder(3).to(ScalarType.Float64)),
            BinaryCrossEntropy or MeanSquaredError or MeanAbsoluteError or Huber or Quantile => (numbers, halves),
            KullbackLeibler => (maps, randn(rows, Classes, 4, dtype: ScalarType.Float64).softmax(1)),
            CosineEmbedding => (randn(rows, 2, 4, dtype: ScalarType.Float64), signs),
            Triplet => (maps, arange(rows, ScalarType.Int64).remainder(2)),
            _ => (maps, labels),
        };
    }

    private static object[] Row(LossDefinition definition) => [ComponentJson.Write(definition)];
}
