namespace MlComponents;

/// <summary>Memory that tensors view, as a pickle names it.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Count">Its elements.</param>
internal sealed record PickleStorage(string Key, ScalarType Type, long Count)
{
    /// <summary>Its bytes.</summary>
    public long Length => Count * PyTorchTypes.SizeOf(Type);
}

/// <summary>A part of a storage that is treated as one; only files of PyTorch before 0.4 have others than the whole.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Begin">Its first element.</param>
/// <param name="Count">Its elements.</param>
internal sealed record PickleStorageView(PickleStorage Storage, long Begin, long Count);

/// <summary>A tensor as a pickle describes it: a view of a storage that was found to lie inside of it.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Begin">Element of the storage that the tensor's first one is.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Strides">Elements from one to the next, for each dimension.</param>
/// <param name="IsConjugate">Whether its values are the conjugates of what is stored.</param>
/// <param name="IsNegative">Whether its values are the negatives of what is stored.</param>
internal sealed record PickleTensor(PickleStorage Storage, long Begin, long[] Shape, long[] Strides, bool IsConjugate, bool IsNegative)
{
    private const int MaxDimensions = 64;   // libtorch's own limit

    /// <exception cref="InvalidDataException">It doesn't lie inside the view.</exception>
    public static PickleTensor Create(PickleStorageView view, long begin, long[] shape, long[] strides, bool isConjugate, bool isNegative)
    {
        var described = $"A tensor of shape {Shown.Shape(shape)} with strides {Shown.Shape(strides)} from element {begin}";
        if (shape.Length != strides.Length || shape.Length > MaxDimensions)
            throw new InvalidDataException($"{described} needs a stride for each dimension, and at most {MaxDimensions} of them.");
        if (begin < 0 || begin > view.Count || Array.Exists(shape, size => size < 0) || Array.Exists(strides, stride => stride < 0))
            throw new InvalidDataException($"{described} doesn't lie inside the {view.Count} elements of its storage '{Shown.Text(view.Storage.Key)}'.");

        Int128 last = begin;
        Int128 bytes = PyTorchTypes.SizeOf(view.Storage.Type);
        for (var d = 0; d < shape.Length; d++)
        {
            last += (Int128)Math.Max(shape[d] - 1, 0) * strides[d];
            if ((bytes *= Math.Max(shape[d], 1)) > long.MaxValue)   // libtorch counts so, also beside a 0
                throw new InvalidDataException($"{described} has more elements than can be counted.");
        }
        if (!shape.Contains(0) && last >= view.Count)
            throw new InvalidDataException(
                $"{described} reaches to element {last} of its storage '{Shown.Text(view.Storage.Key)}', which has {view.Count}: the file is damaged.");
        return new(view.Storage, view.Begin + begin, shape, strides, isConjugate, isNegative);
    }
}
