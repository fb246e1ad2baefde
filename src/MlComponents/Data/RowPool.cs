namespace MlComponents;

/// <summary>Rows in contiguous tensors from which others are drawn at random.</summary>
/// <param name="capacity">The most rows, at least 1.</param>
/// <param name="state">With what the drawing begins.</param>
internal sealed class RowPool(long capacity, ulong state) : IDisposable
{
    private readonly List<Column> columns = [];
    private long[] places = [];   // of the rows that are drawn, and of those that move into their place
    private long[] fillers = [];
    private long count;

    /// <summary>Puts rows into the pool, and draws one for each for which there is no room.</summary>
    /// <param name="rows">Rows, contiguous and on the CPU, of the same names, shapes and types each time; they stay the caller's.</param>
    /// <returns>The rows that were drawn, in that order; null for none.</returns>
    public Batch? Exchange(Batch rows)
    {
        if (columns.Count == 0)
            columns.AddRange(rows.Tensors.Select(pair => new Column(pair.Key, pair.Value, capacity)));
        var added = Math.Min(rows.Count, capacity - count);
        foreach (var column in columns)
            column.Copy(rows[column.Name], added, to: count);
        count += added;
        if (added == rows.Count)
            return null;

        var drawn = (int)(rows.Count - added);
        Reserve(drawn);
        for (var i = 0; i < drawn; i++)
            places[i] = Next(count);
        return Batch(column => column.Exchange(rows[column.Name], added, places.AsSpan(0, drawn)));
    }

    /// <summary>Draws rows until none is left.</summary>
    /// <param name="most">The most rows to draw, at least 1.</param>
    /// <returns>Some rows; null where the pool is empty.</returns>
    public Batch? Draw(long most)
    {
        var drawn = (int)Math.Min(most, count);
        if (drawn == 0)
            return null;
        Reserve(drawn);
        for (var i = 0; i < drawn; i++)
            (places[i], fillers[i]) = (Next(count), --count);
        return Batch(column => column.Draw(places.AsSpan(0, drawn), fillers));
    }

    public void Dispose() => columns.ForEach(column => column.Dispose());

    // The upper half of the product of 64 bits and a bound is below the bound; it is uneven by less than bound / 2^64.
    private long Next(long below) => (long)Math.BigMul(SplitMix.Next(ref state), (ulong)below, out _);

    private void Reserve(int drawn)
    {
        if (places.Length < drawn)
            (places, fillers) = (new long[drawn], new long[drawn]);
    }

    private Batch Batch(Func<Column, Tensor> read)
    {
        using var scope = NewDisposeScope();
        return new Batch(columns.Select(column => KeyValuePair.Create(column.Name, read(column))));
    }

    /// <summary>The rows of one tensor.</summary>
    private sealed class Column : IDisposable
    {
        private readonly Tensor rows;
        private readonly TensorMemory memory;

        public Column(string name, Tensor like, long capacity)
        {
            Name = name;
            rows = empty([capacity, .. like.shape[1..]], like.dtype).DetachFromDisposeScope();
            memory = new(rows);
        }

        public string Name { get; }

        public void Copy(Tensor from, long count, long to)
        {
            if (count == 0)
                return;
            using var scope = NewDisposeScope();
            rows.narrow(0, to, count).copy_(from.narrow(0, 0, count));
        }

        /// <summary>Copies rows out, each of which another one takes the place of.</summary>
        public Tensor Exchange(Tensor from, long start, ReadOnlySpan<long> places)
        {
            var drawn = Empty(places.Length);
            var (source, target) = (new TensorMemory(from), new TensorMemory(drawn));
            for (var i = 0; i < places.Length; i++)
            {
                var place = memory[places[i]];
                place.CopyTo(target[i]);
                source[start + i].CopyTo(place);
            }
            return drawn;
        }

        /// <summary>Copies rows out, each of which the last one takes the place of.</summary>
        public Tensor Draw(ReadOnlySpan<long> places, ReadOnlySpan<long> fillers)
        {
            var drawn = Empty(places.Length);
            var target = new TensorMemory(drawn);
            for (var i = 0; i < places.Length; i++)
            {
                var place = memory[places[i]];
                place.CopyTo(target[i]);
                memory[fillers[i]].CopyTo(place);
            }
            return drawn;
        }

        public void Dispose() => rows.Dispose();

        private Tensor Empty(long count) => empty([count, .. rows.shape[1..]], rows.dtype);
    }
}
