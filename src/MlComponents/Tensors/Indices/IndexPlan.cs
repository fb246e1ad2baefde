namespace MlComponents;

/// <summary>
/// What an <see cref="Indexing"/> does with rows of a certain shape: first the slices and single places, then the inputs of one number per row, last the lists
/// and other inputs together.
/// </summary>
internal sealed class IndexPlan
{
    private static readonly IndexItem Whole = new IndexItem.Slice(null, null, 1);

    private readonly string text;
    private readonly IReadOnlyList<TensorSpec> inputs;
    private readonly List<IndexItem> basic = [];
    private readonly List<(int Dimension, IndexItem Item)> picks = [];
    private readonly List<(int Dimension, IndexItem Item)> takes = [];
    private readonly List<(int Input, long Size)> columns = [];
    private readonly int taken;   // dimensions that the places of the takes have together
    private readonly int target;  // the first of these in the result's row

    /// <param name="text">For messages.</param>
    /// <param name="items">The text's parts.</param>
    /// <param name="inputs">The row that is indexed, then the inputs that index it, which are whole numbers.</param>
    /// <exception cref="ArgumentException">They don't fit each other.</exception>
    public IndexPlan(string text, IReadOnlyList<IndexItem> items, IReadOnlyList<TensorSpec> inputs)
    {
        (this.text, this.inputs) = (text, inputs);
        var shape = Enter(items);

        foreach (var (dimension, _) in Enumerable.Reverse(picks))
        {
            shape.RemoveAt(dimension);
            for (var i = 0; i < takes.Count; i++)
                if (takes[i].Dimension > dimension)
                    takes[i] = (takes[i].Dimension - 1, takes[i].Item);
        }

        if (takes.Count > 0)
        {
            var common = OperationInputs.Broadcast(takes.Select(take => PlacesShape(take.Item)))
                ?? throw Error($"its lists and inputs have the shapes {Shapes()}, which don't broadcast");
            var areNeighbours = takes[^1].Dimension - takes[0].Dimension == takes.Count - 1;
            (taken, target) = (common.Length, areNeighbours ? takes[0].Dimension : 0);
            foreach (var (dimension, _) in Enumerable.Reverse(takes))
                shape.RemoveAt(dimension);
            shape.InsertRange(target, common);
        }
        Shape = shape;
    }

    /// <summary>The result's shape.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The inputs that index, each with the size of a dimension that it indexes.</summary>
    public IEnumerable<(int Input, long Size)> Columns => columns;

    /// <summary>Indexes the first of the tensors.</summary>
    /// <param name="tensors">[N, ...] each, with places that are in range.</param>
    public Tensor Apply(IReadOnlyList<Tensor> tensors)
    {
        using var scope = NewDisposeScope();

        var x = tensors[0].index([TensorIndex.Colon, .. basic.Select(Basic)]);                                   // [N, ...]
        if (picks.Count > 0)
            x = Gather(x, picks, 0, tensors);
        if (takes.Count > 0)
        {
            x = Gather(x, takes, taken, tensors);                                                                // [N, places, ...]
            long[] from = [.. Enumerable.Range(1, taken)];
            x = x.movedim(from, [.. from.Select(dimension => dimension + target)]);
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Fills the lists of steps, and returns the row's shape after the basic one.</summary>
    private List<long> Enter(IReadOnlyList<IndexItem> items)
    {
        var source = inputs[0].Shape;
        List<long> shape = [];
        var d = 0;
        foreach (var item in Expand(items))
            switch (item)
            {
                case IndexItem.NewDimension:
                    basic.Add(item);
                    shape.Add(1);
                    break;
                case IndexItem.Place place:
                    CheckPlace(place.At, d++);
                    basic.Add(item);
                    break;
                case IndexItem.Slice slice:
                    var (clamped, length) = Clamp(slice, d++);
                    basic.Add(clamped);
                    shape.Add(length);
                    break;
                default:
                    if (item is IndexItem.Places places)
                        foreach (var at in places.At)
                            CheckPlace(at, d);
                    if (item is IndexItem.Column column)
                        columns.Add((column.Input, source[d]));
                    (PlacesShape(item).Count == 0 ? picks : takes).Add((shape.Count, item));
                    basic.Add(Whole);
                    shape.Add(source[d++]);
                    break;
            }
        return shape;
    }

    /// <summary>The text's parts with one for each dimension: whole slices for <c>...</c>, and for a mask its places along each of its dimensions.</summary>
    private IEnumerable<IndexItem> Expand(IReadOnlyList<IndexItem> items)
    {
        var source = inputs[0].Shape;
        var left = source.Count - items.Sum(item => item.Dimensions);
        if (left < 0)
            throw Error($"it indexes {source.Count - left} dimensions, but they have {source.Count}");

        var d = 0;
        foreach (var item in items.Any(item => item is IndexItem.Ellipsis) ? items : [.. items, new IndexItem.Ellipsis()])
        {
            IReadOnlyList<long> covered = [.. source.Skip(d).Take(item.Dimensions)];
            if (item is IndexItem.Mask wrong && !wrong.Shape.SequenceEqual(covered))
                throw Error($"its mask has the shape {Shown.Shape(wrong.Shape)}, but covers the dimensions {Shown.Shape(covered)}");
            IEnumerable<IndexItem> parts = item switch
            {
                IndexItem.Ellipsis => Enumerable.Repeat(Whole, left),
                IndexItem.Mask mask => Enumerable.Range(0, mask.Dimensions).Select(mask.PlacesAlong),
                _ => [item],
            };
            foreach (var part in parts)
                yield return part;
            d += item is IndexItem.Ellipsis ? left : item.Dimensions;
        }
    }

    /// <summary>Takes places along several dimensions at once; their common dimensions come first, after the rows.</summary>
    private Tensor Gather(Tensor x, List<(int Dimension, IndexItem Item)> entries, int dimensions, IReadOnlyList<Tensor> tensors)
    {
        using var scope = NewDisposeScope();

        var n = x.shape[0];
        var indices = Enumerable.Repeat(TensorIndex.Colon, (int)x.dim()).ToArray();
        indices[0] = TensorIndex.Tensor(arange(n, ScalarType.Int64, x.device).view([n, .. Ones(dimensions)]));
        foreach (var (dimension, item) in entries)
        {
            var places = item is IndexItem.Column column
                ? tensors[column.Input].to(ScalarType.Int64)                                                     // [N, ...]
                : tensor(((IndexItem.Places)item).At, [1, .. PlacesShape(item)], device: x.device);              // [1, ...]
            indices[1 + dimension] = TensorIndex.Tensor(
                places.reshape([places.shape[0], .. Ones(dimensions + 1 - (int)places.dim()), .. places.shape[1..]]));
        }

        return x.index(indices).MoveToOuterDisposeScope();                                                       // [N, places, ...]

        static IEnumerable<long> Ones(int count) => Enumerable.Repeat(1L, count);
    }

    private IReadOnlyList<long> PlacesShape(IndexItem item) => item is IndexItem.Column column ? inputs[column.Input].Shape : ((IndexItem.Places)item).Shape;

    private string Shapes() => string.Join(" and ", takes.Select(take => Shown.Shape(PlacesShape(take.Item))));

    private static TensorIndex Basic(IndexItem item) => item switch
    {
        IndexItem.Place place => TensorIndex.Single(place.At),
        IndexItem.Slice slice => TensorIndex.Slice(slice.Start, slice.Stop, slice.Step),
        _ => TensorIndex.None,
    };

    private (IndexItem.Slice Clamped, long Length) Clamp(IndexItem.Slice slice, int dimension)
    {
        var size = inputs[0].Shape[dimension];
        var start = Bound(slice.Start ?? 0);
        var stop = Bound(slice.Stop ?? size);
        if (stop <= start)
            throw Error($"its slice of dimension {dimension}, which has the size {size}, is empty, but a column has at least one number per row");
        var step = Math.Min(slice.Step, stop - start);   // libtorch counts wrong with the largest ones
        return (new(start, stop, step), 1 + (stop - start - 1) / step);

        long Bound(long at) => Math.Clamp(at < 0 ? at + size : at, 0, size);
    }

    private void CheckPlace(long at, int dimension)
    {
        var size = inputs[0].Shape[dimension];
        if (at < -size || at >= size)
            throw Error($"the place {at} is out of range for dimension {dimension}, which has the size {size}: allowed is {-size} to {size - 1}");
    }

    private ArgumentException Error(string problem) => new($"The index '{text}' doesn't fit rows of the shape {Shown.Shape(inputs[0].Shape)}: {problem}.");
}
