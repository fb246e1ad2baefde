namespace MlComponents;

/// <summary>One part of the text of an <see cref="Indexing"/>, between commas.</summary>
internal abstract record IndexItem
{
    /// <summary>How many dimensions of a row it takes.</summary>
    public virtual int Dimensions => 1;

    /// <summary><c>...</c>: as many whole dimensions as are left.</summary>
    public sealed record Ellipsis : IndexItem
    {
        public override int Dimensions => 0;
    }

    /// <summary><c>None</c>: a new dimension of the size 1.</summary>
    public sealed record NewDimension : IndexItem
    {
        public override int Dimensions => 0;
    }

    /// <summary>A number: one place, whose dimension disappears.</summary>
    public sealed record Place(long At) : IndexItem;

    /// <summary><c>start:stop:step</c>, each of which may be missing.</summary>
    public sealed record Slice(long? Start, long? Stop, long Step) : IndexItem;

    /// <summary>A list of places, which may be nested.</summary>
    public sealed record Places(long[] At, long[] Shape) : IndexItem;

    /// <summary>A list of truth values, which may be nested: the places of those that are true.</summary>
    public sealed record Mask(bool[] Kept, long[] Shape) : IndexItem
    {
        public override int Dimensions => Shape.Length;

        /// <summary>The places of what is true along one of the mask's dimensions.</summary>
        public Places PlacesAlong(int dimension)
        {
            var stride = Shape.Skip(dimension + 1).Aggregate(1L, (product, size) => product * size);
            long[] at = [.. Enumerable.Range(0, Kept.Length).Where(i => Kept[i]).Select(i => i / stride % Shape[dimension])];
            return new(at, [at.Length]);
        }
    }

    /// <summary><c>{1}</c>: the places that another input holds.</summary>
    public sealed record Column(int Input) : IndexItem;
}
