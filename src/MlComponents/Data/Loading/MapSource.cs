namespace MlComponents;

/// <summary>Batches of a map data set.</summary>
internal sealed class MapSource(MapDataset dataset, BatchSampler batches) : IBatchSource
{
    private readonly long countAtFirst = dataset.Count;

    public long Count => batches.Count;

    public IEnumerable<BatchRead> Reads(int epoch, long skip, long end)
    {
        var all = batches.Batches(epoch);
        if (all.Count < end)
            throw new InvalidDataException($"{batches.GetType().Name} made {all.Count} batches for the epoch, but its Count is {Count}: make as many as Count says, in every epoch.");
        for (var number = skip; number < end; number++)
        {
            var numbers = all[(int)number];
            yield return new(numbers, () => Gather(numbers.Span));
        }
    }

    private Batch Gather(ReadOnlySpan<long> numbers)
    {
        if (numbers.IsEmpty)
            throw new InvalidDataException($"{batches.GetType().Name} made a batch without examples: each has at least one.");
        var count = dataset.Count;
        for (var place = 0; place < numbers.Length; place++)
            if ((ulong)numbers[place] >= (ulong)count)
                throw new InvalidDataException(count < countAtFirst && numbers[place] >= 0 && numbers[place] < countAtFirst
                    ? $"The data set had {countAtFirst} examples and has {count} now, so that there is no example {numbers[place]}: it must stay as it is while it is read."
                    : $"{batches.GetType().Name} gave the number {numbers[place]} at place {place} of the batch, but the data set has {count} examples, whose numbers are 0 to {count - 1}.");
        return dataset.Gather(numbers);
    }
}
