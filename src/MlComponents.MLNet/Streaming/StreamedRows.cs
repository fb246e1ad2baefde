namespace MlComponents.MLNet;

/// <summary>Rows of a view that take more memory than they may, so that they are read anew in every epoch.</summary>
/// <remarks>
/// Where the rows are to come in another order in every epoch, one pass checks them and writes them to a temporary file in small blocks, which are then read in random order: no cursor of ML.NET's gives
/// such an order. A text file can't be read but from its beginning, the blocks of an .idv file have 8,192 rows, and a source that is computed may give other rows the next time.
/// </remarks>
internal sealed class StreamedRows : IDisposable
{
    private readonly IDisposable?[] owned;

    private StreamedRows(StreamingDataset training, Dataset? heldBack, params IDisposable?[] owned)
    {
        Data = training;
        HeldBack = heldBack;
        this.owned = owned;
    }

    /// <summary>The rows but for those that were held back.</summary>
    public StreamingDataset Data { get; }

    /// <summary>The rows that were held back, in memory where they take at most a quarter of it; null for none.</summary>
    public Dataset? HeldBack { get; }

    /// <summary>Reads the rows once, and says that they are streamed.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="share">Which of them are held back; null for none.</param>
    /// <param name="seed">Draws their order. Null: they keep their own.</param>
    /// <exception cref="InvalidDataException">A row can't be read or learned from, there are none, or one class alone.</exception>
    /// <exception cref="ArgumentException">The memory is too small for a batch.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static StreamedRows Read(RowSource source, HeldBackShare? share, int? seed)
    {
        source.Options.CheckMemoryForRows(source.Columns.RowBytes);
        if (share is not null && (source.Options.StratifyValidation || source.Options.ValidationGroupColumnName is not null))
            throw new ArgumentException(
                $"{(source.Options.StratifyValidation ? nameof(TorchTrainerOptions.StratifyValidation) : nameof(TorchTrainerOptions.ValidationGroupColumnName))} needs all rows in memory, but they take more than the MemoryBudget: "
                + "give a ValidationSet, a larger MemoryBudget, or leave it out.");
        if (seed is null)
            return Survey(source, share, null, $"they are read from the view anew in every epoch, in its own order");
        try
        {
            return Write(source, share, seed.Value);
        }
        catch (RowFileException e)
        {
            int? drawn = source.View.CanShuffle ? seed : null;
            return Survey(source, share, drawn, $"they are read from the view anew in every epoch, {(drawn is null ? "in its own order" : "in an order that it draws")}, and mixed by the pool alone, because there is no room to write them down: {e.Message.TrimEnd('.')}. Where rows of a kind lie together, batches will have too few kinds; name a folder with room for them as TemporaryFolder");
        }
    }

    public void Dispose() => Array.ForEach(owned, each => each?.Dispose());

    /// <summary>Writes the rows to a file that can be read in any order.</summary>
    private static StreamedRows Write(RowSource source, HeldBackShare? share, int seed)
    {
        var (folder, memory) = (source.Options.TemporaryFolder ?? Path.GetTempPath(), source.Options.MemoryForRows);
        RowFile? training = null, held = null;
        TensorDataset? heldData = null;
        try
        {
            training = RowFile.Create(folder, source.Columns, memory);
            held = share is null ? null : RowFile.Create(folder, source.Columns, memory);
            var labels = new LabelTally();
            using (var rows = source.Read())
            {
                while (rows.MoveNext())
                {
                    var file = share?.Holds(rows.Id) == true ? held! : training;
                    if (!rows.Read(file.Next()))
                        continue;
                    file.Add(rows.Label, rows.Weight);
                    if (file == training)
                        labels.Add(rows.Label);
                }
                Check(source, share, labels, held?.Count ?? 0, rows.Skipped);
            }
            training.Complete();
            held?.Complete();
            Tell(source, training.Count + (held?.Count ?? 0), $"they are streamed in random order, from a temporary file in {folder} and through a pool that takes half of the budget");

            if (held is not null && source.Bytes(held.Count) <= memory / 4)
                heldData = Load(held);
            Dataset? heldBack = heldData is not null ? heldData : held is null ? null : new RowFileStream(held, source.Columns, seed: null);
            return new(new RowFileStream(training, source.Columns, seed), heldBack, training, held, heldData);
        }
        catch
        {
            training?.Dispose();
            held?.Dispose();
            heldData?.Dispose();
            throw;
        }
    }

    /// <summary>Counts and checks the rows, which are to be read from the view itself.</summary>
    private static StreamedRows Survey(RowSource source, HeldBackShare? share, int? seed, FormattableString how)
    {
        using var rows = source.Read();
        using var held = share is null ? null : new RowCollector(source.Columns, expectedRows: null);
        var labels = new LabelTally();
        var (heldCount, other) = (0L, new float[source.Columns.FeatureType.Size]);
        while (rows.MoveNext())
        {
            var isHeld = share?.Holds(rows.Id) == true;
            var isKept = isHeld && held!.Count == heldCount && source.Bytes(heldCount + 1) <= source.Options.MemoryForRows / 4;
            if (!rows.Read(isKept ? held!.Next() : other))
                continue;
            if (!isHeld)
                labels.Add(rows.Label);
            heldCount += isHeld ? 1 : 0;
            if (isKept)
                held!.Add(rows.Label, rows.Weight);
        }
        Check(source, share, labels, heldCount, rows.Skipped);
        Tell(source, labels.Count + heldCount, how);

        var heldData = share is not null && held!.Count == heldCount ? held.ToDataset() : null;
        Dataset? heldBack = heldData is not null ? heldData : share is null ? null : new ViewStream(source, heldCount, share.Holds, seed: null);
        return new(new ViewStream(source, labels.Count, share is null ? null : share.Leaves, seed), heldBack, heldData);
    }

    private static TensorDataset Load(RowFile file)
    {
        using var rows = file.Read([.. Enumerable.Range(0, (int)file.Blocks).Select(number => file.Block(number))]);
        return new(rows.Features, rows.Label, rows.Weight);
    }

    private static void Check(RowSource source, HeldBackShare? share, LabelTally labels, long held, long skipped)
    {
        source.Check(labels.Count + held, skipped);
        if (share is not null && (labels.Count == 0 || held == 0))
            throw new InvalidDataException(FormattableString.Invariant(
                $"ValidationFraction is {share.Fraction}, which leaves {labels.Count} of the {labels.Count + held} rows to learn from and {held} to validate on: use another fraction or seed, or a ValidationSet."));
        if (source.IsTraining)
            labels.MustHaveSeveral(source.Columns, share?.Fraction);
    }

    private static void Tell(RowSource source, long count, FormattableString how) => source.Warn(
        $"The {count} {source.Name} rows take {source.Bytes(count)} bytes, which is more than the part that they may have of the memory budget of {source.Options.MemoryForRows} (MemoryBudget): {FormattableString.Invariant(how)}.");
}
