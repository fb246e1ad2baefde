using System.Text.Json;

namespace MlComponents.MLNet;

/// <summary>What <c>definition.json</c> of a saved model says, besides its own hash.</summary>
internal sealed record ModelDefinition
{
    /// <summary>The newest format that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required string Task { get; init; }

    public required string FeatureColumn { get; init; }

    public required IReadOnlyList<int> FeatureDimensions { get; init; }

    public required string LabelColumn { get; init; }

    /// <summary>Shape of one example for the network.</summary>
    public required long[] InputShape { get; init; }

    public required int Outputs { get; init; }

    public required int ScoringBatchSize { get; init; }

    public required int Seed { get; init; }

    /// <summary>The network as <see cref="ComponentJson"/> writes it; null until the model is saved.</summary>
    public JsonElement? Network { get; init; }

    /// <summary>The options as <see cref="TrainerOptions.ToJson"/> writes them; null until the model is saved.</summary>
    public JsonElement? Options { get; init; }

    /// <summary>Type of the label's values, see <see cref="KeyNames"/>; null where there are none.</summary>
    public string? LabelValueType { get; init; }

    /// <summary>The label's values in the order of the keys.</summary>
    public JsonElement? LabelValues { get; init; }

    /// <summary>The history as <see cref="History.Write"/> writes it.</summary>
    public required string History { get; init; }

    /// <summary>Bytes of <c>weights.safetensors</c>.</summary>
    public long WeightsLength { get; init; }

    /// <summary>SHA-256 of <c>weights.safetensors</c>, in lower-case hexadecimal digits.</summary>
    public string WeightsSha256 { get; init; } = "";

    public static ModelDefinition Of(TorchModel model, TrainingColumns columns, TorchTrainerOptions options)
    {
        using var history = new StringWriter();
        model.History.Write(history);
        return new ModelDefinition
        {
            Format = CurrentFormat,
            Task = model.Task.Name,
            FeatureColumn = columns.Features.Name,
            FeatureDimensions = columns.FeatureType.Dimensions,
            LabelColumn = columns.Label.Name,
            InputShape = model.Context.InputShape,
            Outputs = (int)model.Context.Outputs,
            ScoringBatchSize = options.ScoringBatchSize,
            Seed = model.Seed,
            LabelValueType = model.KeyNames?.Kind,
            LabelValues = model.KeyNames?.Write(),
            History = history.ToString(),
        };
    }

    /// <summary>Builds the network and gives it its weights, after they have been checked.</summary>
    /// <param name="weights">The stream of <c>weights.safetensors</c>.</param>
    /// <exception cref="InvalidDataException">The weights are damaged or don't fit.</exception>
    /// <exception cref="ComponentException">The network's name isn't registered.</exception>
    public TorchModel Load(Stream weights)
    {
        new StreamSeal(WeightsLength, WeightsSha256).Check(weights, $"The model's {ModelFile.WeightsName}");
        var task = TorchTask.Of(Task);
        CheckSizes();
        var network = ComponentJson.Read<NetworkDefinition>(Network!.Value.GetRawText());
        var context = NetworkContext.Of(InputShape, Outputs) with { Device = Devices.Parse(Devices.Auto) };
        var names = LabelValueType is null ? null : KeyNames.Read(LabelValueType, LabelValues!.Value);
        if (task is MulticlassTask && names is not null && names.Texts.Count != Outputs)
            throw new InvalidDataException($"The model has {names.Texts.Count} label values for {Outputs} classes.");
        using var rows = new StringReader(History);
        var history = MlComponents.History.Read(rows);

        var module = Build(network, context, weights);
        return new TorchModel(task, module, network, context, ReadOptions) { History = history, Seed = Seed, KeyNames = names };
    }

    private static nn.Module Build(NetworkDefinition network, NetworkContext context, Stream weights)
    {
        var module = network.Build(context);
        try
        {
            StateDict.Load(module, weights);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    private TorchTrainerOptions ReadOptions()
    {
        try
        {
            return Options!.Value.Deserialize<TorchTrainerOptions>(ComponentJson.Options())!;
        }
        catch (JsonException e)
        {
            throw new ComponentException($"The model's training options can't be read: {e.Message}", e);
        }
    }

    private void CheckSizes()
    {
        if (Outputs < 1 || ScoringBatchSize is < 1 or > 1 << 16 || InputShape.Any(size => size < 1) || FeatureDimensions.Any(size => size < 1)
            || Product(InputShape) != Product(FeatureDimensions.Select(size => (long)size)))
            throw new InvalidDataException(FormattableString.Invariant(
                $"The model's sizes contradict each other: {Outputs} outputs, features [{string.Join(", ", FeatureDimensions)}], ")
                + FormattableString.Invariant($"input [{string.Join(", ", InputShape)}], batches of {ScoringBatchSize}."));
    }

    private static Int128 Product(IEnumerable<long> sizes) => sizes.Aggregate((Int128)1, (product, size) => product * size);
}
