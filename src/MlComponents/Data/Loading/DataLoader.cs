namespace MlComponents;

/// <summary>Batches of a data set, in an order that doesn't depend on who reads them.</summary>
/// <remarks>
/// <para>
/// With <see cref="Prefetching.Workers"/> the batches are read, augmented and converted on threads of the loader, and come in the same order with the same bits as without. So a data set must bear
/// to be read on several threads at the same time, and must not draw from libtorch's global generator, whose numbers would go to whoever comes first.
/// </para>
/// <para>
/// What a data set, a sampler or an augmentation throws comes as a <see cref="BatchReadException"/>, after the batches before it. When an epoch is left early, reads that are going on are waited for,
/// though at most 5 seconds: no thread can be ended from outside, so one that is stuck is left behind in the background, and what it still reads is freed.
/// </para>
/// </remarks>
public sealed class DataLoader : IDisposable
{
    private readonly IBatchSource source;
    private readonly IReadOnlyDictionary<string, long[]> shapes;
    private readonly Device device;
    private readonly WorkerPool pool = new();

    /// <summary>Batches of one size.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="sampler">Their order.</param>
    /// <param name="batchSize">Examples per batch, at least 1; the last batch of an epoch may have fewer.</param>
    /// <param name="device">Where the batches are needed.</param>
    public DataLoader(MapDataset dataset, Sampler sampler, int batchSize, Device device) : this(dataset, new SizedBatches(sampler, batchSize), device) { }

    /// <summary>Batches that a sampler makes.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batches">Which of them make each batch.</param>
    /// <param name="device">Where the batches are needed.</param>
    public DataLoader(MapDataset dataset, BatchSampler batches, Device device) : this(new MapSource(dataset, batches), dataset, device) { }

    /// <summary>Batches of one size of a stream, in its order.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batchSize">Examples per batch, at least 1; the last batch of an epoch may have fewer.</param>
    /// <param name="dropLast">Whether a last batch of fewer examples is left out.</param>
    /// <param name="device">Where the batches are needed.</param>
    public DataLoader(StreamingDataset dataset, int batchSize, bool dropLast, Device device) : this(new StreamSource(dataset, batchSize, dropLast), dataset, device) { }

    /// <param name="source">The batches.</param>
    /// <param name="dataset">What they are of.</param>
    /// <param name="device">Where they are needed.</param>
    internal DataLoader(IBatchSource source, Dataset dataset, Device device) => (this.source, shapes, this.device) = (source, dataset.Shapes, device);

    /// <summary>Shape in which one example's features are viewed, without the batch dimension. Null, the default: as the data has them.</summary>
    public IReadOnlyList<long>? FeaturesShape { get; init; }

    /// <summary>Type that features of floating-point numbers are converted to, once they are augmented. Null, the default: none.</summary>
    public ScalarType? FeaturesType { get; init; }

    /// <summary>Changes the examples at random. Null, the default: they stay as they are.</summary>
    internal Augmenter? Augmenter { get; init; }

    /// <summary>Batches after which an epoch ends even if there are more, at least 1. Null, the default: all.</summary>
    public long? MaxBatches { get; init; }

    /// <summary>How batches are read ahead. Default: not at all.</summary>
    public Prefetching Prefetching { get; init; } = new();

    /// <summary>Batches per epoch.</summary>
    public long Count => Math.Min(MaxBatches ?? long.MaxValue, source.Count);

    /// <summary>The batches of one epoch; each is freed when the next one is asked for.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="skip">Batches at its beginning that are left out, at least 0; a map data set isn't read for them.</param>
    /// <param name="cancellationToken">Ends the epoch early, also while a batch is waited for.</param>
    public IEnumerable<Batch> Epoch(int epoch, long skip = 0, CancellationToken cancellationToken = default)
    {
        foreach (var batches in Epoch(epoch, skip, together: 1, cancellationToken))
            yield return batches[0];
    }

    /// <summary>The batches of one epoch, several at a time; each group is freed when the next one is asked for.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="skip">Batches at its beginning that are left out.</param>
    /// <param name="together">Batches in each group, at least 1; the last group may have fewer.</param>
    /// <param name="cancellationToken">Ends the epoch early, also while a batch is waited for.</param>
    internal IEnumerable<IReadOnlyList<Batch>> Epoch(int epoch, long skip, int together, CancellationToken cancellationToken = default)
    {
        var group = new List<Batch>(together);
        using var batches = Open(epoch, skip, cancellationToken);
        for (var isLast = false; !isLast;)
            try
            {
                while (group.Count < together && batches.Next() is { } batch)
                    group.Add(batch.To(device));
                isLast = group.Count < together || cancellationToken.IsCancellationRequested;
                if (group.Count > 0)
                    yield return group;
            }
            finally
            {
                group.ForEach(batch => batch.Dispose());
                group.Clear();
            }
    }

    /// <summary>Ends the workers that live on between epochs.</summary>
    public void Dispose() => pool.Dispose();

    private IBatchQueue Open(int epoch, long skip, CancellationToken cancellationToken)
    {
        var reads = new EpochReads(source, epoch, skip, Count, read => Prepare(read, epoch));
        return Prefetching.Workers == 0 ? new ReadOnDemand(reads, cancellationToken) : new ReadAhead(reads, Prefetching, pool, cancellationToken);
    }

    /// <summary>Reads a batch and makes it ready for the network, on any thread.</summary>
    private Batch Prepare(BatchRead read, int epoch)
    {
        using var scope = NewDisposeScope();   // of all but the batch: on a worker nobody else has one
        using var mode = no_grad();

        var batch = read.Read() ?? throw new InvalidDataException("The data set gave null for it.");
        try
        {
            CheckShapes(batch, read.Numbers.Length);
            batch.ViewFeatures(FeaturesShape);
            batch = Augmenter?.Apply(batch, read.DrawnBy.Span, epoch) ?? batch;
            batch.ConvertFeatures(FeaturesType);
            return Prefetching.PinMemory && device.type == DeviceType.CUDA ? batch.Pin() : batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    private void CheckShapes(Batch batch, long count)
    {
        if (batch.Count != count)
            throw new InvalidDataException($"The data set gave {batch.Count} examples where it was asked for {count}.");
        foreach (var (name, shape) in shapes)
            if (!batch.Tensors.TryGetValue(name, out var tensor))
                throw new InvalidDataException($"It has no tensor '{name}', which the data set's Shapes has: it has {string.Join(", ", batch.Names)}.");
            else if (!tensor.HasExamplesOf(shape))
                throw new InvalidDataException($"One '{name}' has the shape {Shown.Shape(tensor.shape[1..])}, but {Shown.Shape(shape)} in the data set's Shapes.");
    }
}
