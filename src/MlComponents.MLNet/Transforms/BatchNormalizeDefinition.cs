namespace MlComponents.MLNet;

/// <summary>What <c>definition.json</c> of a saved batch normalization says, besides its own hash; its numbers are in <c>statistics.safetensors</c>.</summary>
internal sealed record BatchNormalizeDefinition
{
    /// <summary>The newest format that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    public const string StatisticsName = "statistics.safetensors";

    private const string MeanName = "mean";
    private const string VarianceName = "variance";

    public required int Format { get; init; }

    public required string OutputColumn { get; init; }

    public required string InputColumn { get; init; }

    /// <summary>Element type of the rows that were learnt from, as TorchSharp calls it.</summary>
    public required string Type { get; init; }

    /// <summary>Shape of one of these rows.</summary>
    public required long[] Shape { get; init; }

    /// <summary>How many there were.</summary>
    public required long Rows { get; init; }

    public required double Epsilon { get; init; }

    public required double Scale { get; init; }

    public required double Shift { get; init; }

    /// <summary>Bytes of <c>statistics.safetensors</c>.</summary>
    public long StatisticsLength { get; init; }

    /// <summary>SHA-256 of <c>statistics.safetensors</c>, in lower-case hexadecimal digits.</summary>
    public string StatisticsSha256 { get; init; } = "";

    public static BatchNormalizeDefinition Of(BatchNormalizeOperation operation, string outputColumn, string inputColumn, long rows) => new()
    {
        Format = CurrentFormat,
        OutputColumn = outputColumn,
        InputColumn = inputColumn,
        Type = operation.Input.DType.ToString(),
        Shape = [.. operation.Input.Shape],
        Rows = rows,
        Epsilon = operation.Epsilon,
        Scale = operation.Scale,
        Shift = operation.Shift,
    };

    /// <summary>Writes the statistics, and adds their length and hash.</summary>
    public BatchNormalizeDefinition WithStatistics(BatchNormalizeOperation operation, Stream stream)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { [MeanName] = tensor(operation.Means), [VarianceName] = tensor(operation.Variances) };
        var seal = StreamSeal.Write(stream, target => Safetensors.Write(target, tensors));
        return this with { StatisticsLength = seal.Length, StatisticsSha256 = seal.Sha256 };
    }

    /// <exception cref="InvalidDataException">It is damaged, or of a newer format.</exception>
    public static BatchNormalizeDefinition Read(Stream stream) => SealedJson.Read<BatchNormalizeDefinition>(stream, ModelFile.DefinitionSubject, CurrentFormat);

    /// <summary>Reads the statistics, after they have been checked.</summary>
    /// <exception cref="InvalidDataException">They are damaged or don't fit.</exception>
    public BatchNormalizeTransformer Load(Stream statistics)
    {
        using var scope = NewDisposeScope();

        new StreamSeal(StatisticsLength, StatisticsSha256).Check(statistics, $"The model's {StatisticsName}");
        var tensors = Safetensors.Read(statistics);
        var (means, variances) = (Numbers(tensors, MeanName), Numbers(tensors, VarianceName));
        if (!Enum.TryParse<ScalarType>(Type, out var type) || ColumnTypes.ItemOf(type) is null || Shape is null || Shape.Any(size => size < 1)
            || string.IsNullOrEmpty(OutputColumn) || string.IsNullOrEmpty(InputColumn) || !(Epsilon > 0)
            || variances.Length != means.Length || variances.Any(variance => !(variance >= 0)) || !Fits(means.Length))
            throw new InvalidDataException(FormattableString.Invariant(
                $"The model's normalization contradicts itself: rows of {Type} [{string.Join(", ", Shape ?? [])}], {means.Length} means, {variances.Length} variances, epsilon {Epsilon}."));
        return new(new(new(type, Shape), means, variances, Epsilon, Scale, Shift), OutputColumn, InputColumn, Rows);
    }

    private bool Fits(int statistics) => statistics == Shape.Aggregate((Int128)1, (product, size) => product * size) || statistics == Shape.FirstOrDefault(1);

    private static double[] Numbers(Dictionary<string, Tensor> tensors, string name) => tensors.TryGetValue(name, out var numbers) && numbers.dtype == ScalarType.Float64
        ? numbers.data<double>().ToArray()
        : throw new InvalidDataException($"The model's statistics have no '{name}' of float64: the file is damaged or has been changed.");
}
