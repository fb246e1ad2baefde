namespace MlComponents.MLNet;

/// <summary>
/// The columns of an input, and behind them those that are computed from some of them, many rows at a time. Safe to use from several threads.
/// </summary>
internal abstract class ComputedColumns(DataViewSchema input, IReadOnlyList<DataViewSchema.Column> sources)
{
    public DataViewSchema Input => input;

    /// <summary>The columns of the input from which is computed.</summary>
    public IReadOnlyList<DataViewSchema.Column> Sources => sources;

    public abstract DataViewSchema Output { get; }

    /// <summary>Largest number of rows that are computed at once.</summary>
    public abstract int BatchSize { get; }

    public bool IsOutput(int index) => index >= input.Count;

    /// <summary>The columns of the input that are needed for some of the output's.</summary>
    public IEnumerable<DataViewSchema.Column> Needed(IEnumerable<int> active) =>
        active.SelectMany(index => IsOutput(index) ? sources.Select(source => source.Index) : [index]).Distinct().Order().Select(index => input[index]);

    /// <summary>Begins to compute for one reader.</summary>
    /// <param name="row">The row or cursor of the input to read.</param>
    /// <param name="capacity">Rows that are kept at once.</param>
    public abstract Computation Open(DataViewRow row, int capacity);
}
