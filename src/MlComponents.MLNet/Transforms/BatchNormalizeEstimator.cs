using Microsoft.ML.Runtime;
using MlComponents.MLNet.Interop;
using static System.FormattableString;

namespace MlComponents.MLNet;

/// <summary>Learns the mean and variance of a column over all rows, by which it is then normalized. Made by <see cref="TorchNormalizationsCatalog.BatchNormalize"/>.</summary>
public sealed class BatchNormalizeEstimator : IEstimator<BatchNormalizeTransformer>
{
    private const long MostRows = 4096;
    private const long MostNumbers = 1 << 20;

    private readonly IHost host;
    private readonly string outputColumnName;
    private readonly string inputColumnName;
    private readonly BatchNormalizeOptions options;

    internal BatchNormalizeEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName, BatchNormalizeOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        OptionsValidation.Validate(options);
        host = env.Register(nameof(BatchNormalizeEstimator));
        this.outputColumnName = outputColumnName;
        this.inputColumnName = inputColumnName;
        this.options = options;
    }

    /// <summary>The columns after normalization, before there is data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ColumnShapes.Normalized(inputSchema, outputColumnName, inputColumnName);
    }

    /// <summary>Learns the statistics, in one pass over the rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">There are no rows, or one has a NaN or an infinity and isn't to be skipped.</exception>
    public BatchNormalizeTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = host.Start("Training");
        using var scope = NewDisposeScope();

        var column = SchemaCheck.Numbers(input.Schema, inputColumnName);
        var spec = ColumnTypes.SpecOf(column.Type)!;
        var moments = Learn(input, column, spec, channel);
        var (means, variances) = moments.Of(options.PerChannel ? spec.Shape.FirstOrDefault(1) : spec.Count);
        var overflown = Array.FindIndex(variances, variance => !double.IsFinite(variance));
        if (overflown >= 0)
            throw new InvalidDataException(Invariant($"The variance of number {overflown} of the column '{inputColumnName}', counted from 0, is {variances[overflown]}: its numbers are too large to normalize."));
        return new(new(spec, means, variances, options.Epsilon, options.Scale, options.Shift), outputColumnName, inputColumnName, moments.Count);
    }

    private RunningMoments Learn(IDataView input, DataViewSchema.Column column, TensorSpec spec, IChannel channel)
    {
        var capacity = (int)Math.Clamp(MostNumbers / spec.Count, 1, MostRows);
        var moments = new RunningMoments(spec.Count);
        using var cursor = input.GetRowCursor([column]);
        using var buffer = TensorColumn.Of(cursor, column, capacity, [spec.Count]);

        var read = 0L;
        for (var count = capacity; count == capacity; read += count)
        {
            for (count = 0; count < capacity && cursor.MoveNext(); count++)
                buffer.Read(count);
            if (count > 0)
                Add(moments, buffer, count, firstRow: read);
        }

        var skipped = read - moments.Count;
        if (skipped > 0)
            channel.Warning(MessageSensitivity.None, "{0}", $"{skipped} of {read} rows were left out: the column '{inputColumnName}' isn't finite there.");
        if (moments.Count == 0)
            throw new InvalidDataException($"There are no rows to learn the statistics of the column '{inputColumnName}' from{(skipped > 0 ? $": all {skipped} were left out as invalid" : "")}.");
        return moments;
    }

    private void Add(RunningMoments moments, TensorColumn buffer, int count, long firstRow)
    {
        using var scope = NewDisposeScope();

        var x = buffer.Take(count).to(ScalarType.Float64);   // [N, width]
        var finite = x.isfinite().all(1);                    // [N]
        if (finite.all().item<bool>())
        {
            moments.Add(x);
            return;
        }

        if (options.InvalidRows == InvalidRows.Error)
        {
            var row = finite.logical_not().nonzero()[0].item<long>();
            var value = x[row][x[row].isfinite().logical_not()][0].item<double>();
            throw new InvalidDataException(Invariant($"Row {firstRow + row}, counted from 0, can't be learned from: the column '{inputColumnName}' has {value}. ")
                + "Correct or filter such rows, or set InvalidRows = InvalidRows.Skip.");
        }
        if (finite.any().item<bool>())
            moments.Add(x[finite]);
    }
}
