namespace MlComponents;

/// <summary>The examples of one epoch of a stream in pieces of any size, checked: each has the tensors that the stream says, contiguous and on the CPU, and there are as many as it says.</summary>
internal sealed class StreamRows : IDisposable
{
    private readonly StreamingDataset dataset;
    private readonly int epoch;
    private readonly long count;
    private readonly IEnumerator<Batch> chunks;
    private readonly Dictionary<string, ScalarType> types = [];
    private Batch? chunk;
    private long used;      // of the chunk
    private long reached;   // examples of the chunks so far

    /// <exception cref="InvalidDataException">The stream can't be read.</exception>
    public StreamRows(StreamingDataset dataset, int epoch)
    {
        (this.dataset, this.epoch, count) = (dataset, epoch, dataset.Count);
        chunks = Ask(() => dataset.Read(epoch).GetEnumerator());
    }

    /// <summary>Examples given or skipped so far.</summary>
    public long Position => reached - ((chunk?.Count ?? used) - used);

    /// <summary>The next examples, as many as come at once.</summary>
    /// <param name="most">The most of them, at least 1.</param>
    /// <returns>Some examples, which are the caller's; null after the last.</returns>
    /// <exception cref="InvalidDataException">The stream failed, ended early, went on after its end, or gave something else than it says.</exception>
    public Batch? Next(long most)
    {
        if (chunk is null && !Advance())
            return null;

        var (whole, start) = (chunk!, used);
        var taken = Math.Min(most, whole.Count - start);
        used += taken;
        if (used < whole.Count)
            return whole.Rows(start, taken);
        (chunk, used) = (null, 0);
        if (start == 0)
            return whole;
        using (whole)
            return whole.Rows(start, taken);
    }

    /// <summary>The next examples in one or more pieces.</summary>
    /// <param name="wanted">How many; fewer only where the epoch ends.</param>
    /// <param name="isLast">Whether no more will be asked for, so that what the stream says of its length is checked now.</param>
    /// <exception cref="InvalidDataException">As of <see cref="Next"/>.</exception>
    public List<Batch> Take(long wanted, bool isLast)
    {
        var parts = new List<Batch>();
        try
        {
            while (wanted > 0 && Next(wanted) is { } part)
            {
                parts.Add(part);
                wanted -= part.Count;
            }
            if (isLast)
                Skip(long.MaxValue);
            return parts;
        }
        catch
        {
            parts.ForEach(part => part.Dispose());
            throw;
        }
    }

    /// <summary>Reads past examples; past the end is allowed.</summary>
    /// <exception cref="InvalidDataException">As of <see cref="Next"/>.</exception>
    public void Skip(long skipped)
    {
        while (skipped > 0 && Next(skipped) is { } part)
            using (part)
                skipped -= part.Count;
    }

    public void Dispose()
    {
        chunk?.Dispose();
        chunks.Dispose();
    }

    /// <summary>Goes to the next chunk that isn't empty.</summary>
    /// <returns>Whether there is one.</returns>
    private bool Advance()
    {
        while (Ask(chunks.MoveNext))
        {
            var next = chunks.Current;
            if (Problem(next) is { } problem)
            {
                next?.Dispose();
                throw new InvalidDataException($"After {reached} examples of epoch {epoch} {dataset.GetType().Name} gave a chunk {problem}.");
            }
            if (next.Count == 0)
            {
                next.Dispose();
                continue;
            }
            reached += next.Count;
            if (reached > count)
            {
                next.Dispose();
                throw new InvalidDataException($"{dataset.GetType().Name} gave {reached} examples or more in epoch {epoch}, but its Count is {count}: it must give as many as Count says, in every epoch.");
            }
            (chunk, used) = (next, 0);
            return true;
        }
        return reached == count
            ? false
            : throw new InvalidDataException($"{dataset.GetType().Name} ended after {reached} examples of epoch {epoch}, but its Count is {count}: it must give as many as Count says, in every epoch.");
    }

    /// <summary>What a chunk has that the stream doesn't say, as the end of a sentence; null where it is as it should be, and then it is contiguous.</summary>
    private string? Problem(Batch? next)
    {
        if (next is null)
            return "that is null";
        if (!next.Tensors.Keys.ToHashSet().SetEquals(dataset.Shapes.Keys))
            return $"with the tensors {Shown.Names([.. next.Tensors.Keys])}, but its Shapes has {Shown.Names([.. dataset.Shapes.Keys])}";
        foreach (var (name, tensor) in next.Tensors)
        {
            if (tensor.device_type != DeviceType.CPU)
                return $"whose '{name}' is on the device {tensor.device}: chunks must be on the CPU";
            if (!tensor.HasExamplesOf(dataset.Shapes[name]))
                return $"in which one '{name}' has the shape {Shown.Shape(tensor.shape[1..])}, but its Shapes says {Shown.Shape(dataset.Shapes[name])}";
            if (types.TryAdd(name, tensor.dtype) || types[name] == tensor.dtype)
                continue;
            return $"in which '{name}' is {tensor.dtype}, but it was {types[name]} before: all chunks must have the same types";
        }
        foreach (var (name, tensor) in next.Tensors.Where(pair => !pair.Value.is_contiguous()).ToList())
            next.Set(name, tensor.contiguous());
        return null;
    }

    /// <summary>Calls the user's stream, and says how far it had come where it fails.</summary>
    private T Ask<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not OperationCanceledException && dataset is not ShuffledStream)   // which says it itself
        {
            throw new InvalidDataException($"{dataset.GetType().Name} failed after {reached} examples of epoch {epoch}: {e.Message}", e);
        }
    }
}
