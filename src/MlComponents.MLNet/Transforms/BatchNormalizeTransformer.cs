using MlComponents.MLNet.Interop;

namespace MlComponents.MLNet;

/// <summary>Normalizes a column by the means and variances that were learnt. A NaN gives NaN, in its own place alone.</summary>
/// <remarks>The result is Double for a column of Double, else Single; it is computed in float64.</remarks>
public sealed partial class BatchNormalizeTransformer : ColumnTransformer
{
    private readonly BatchNormalizeOperation operation;

    internal BatchNormalizeTransformer(BatchNormalizeOperation operation, string outputColumnName, string inputColumnName, long rows)
        : base(operation, outputColumnName, [inputColumnName])
    {
        this.operation = operation;
        Rows = rows;
    }

    /// <summary>μ of each number of a row in row-major order, or of each channel.</summary>
    public IReadOnlyList<double> Means => operation.Means;

    /// <summary>σ² of each number of a row in row-major order, or of each channel: the biased variance, divided by the count.</summary>
    public IReadOnlyList<double> Variances => operation.Variances;

    /// <summary>From how many rows they were learnt.</summary>
    public long Rows { get; }

    private protected override void Save(ModelSaveContext context)
    {
        var definition = BatchNormalizeDefinition.Of(operation, OutputColumnName, InputColumnNames[0], Rows);
        ModelStreams.Save(context, "MLCBNORM", ModelStreams.BatchNormalizeLoader,
            (BatchNormalizeDefinition.StatisticsName, stream => definition = definition.WithStatistics(operation, stream)),
            (ModelFile.DefinitionName, stream => stream.Write(SealedJson.Write(definition))));
    }
}
