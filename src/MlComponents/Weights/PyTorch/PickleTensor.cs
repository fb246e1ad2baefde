namespace MlComponents;

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
        if (shape.Length != strides.Length || shape.Length > MaxDimensions)
            throw new InvalidDataException($"{Described()} needs a stride for each dimension, and at most {MaxDimensions} of them.");
        if (isNegative && view.Storage.Type == ScalarType.Bool)
            throw new InvalidDataException($"{Described()} is said to hold the negatives of truth values, which there aren't: the file is damaged.");
        if (begin < 0 || begin > view.Count || Array.Exists(shape, size => size < 0) || Array.Exists(strides, stride => stride < 0))
            throw new InvalidDataException($"{Described()} doesn't lie inside the {view.Count} elements of its storage '{Shown.Text(view.Storage.Key)}'.");

        Int128 last = begin;
        Int128 bytes = PyTorchTypes.SizeOf(view.Storage.Type);
        for (var d = 0; d < shape.Length; d++)
        {
            last += (Int128)Math.Max(shape[d] - 1, 0) * strides[d];
            if ((bytes *= Math.Max(shape[d], 1)) > long.MaxValue)   // libtorch counts so, also beside a 0
                throw new InvalidDataException($"{Described()} has more elements than can be counted.");
        }
        if (!shape.Contains(0) && last >= view.Count)
            throw new InvalidDataException(
                $"{Described()} reaches to element {last} of its storage '{Shown.Text(view.Storage.Key)}', which has {view.Count}: the file is damaged.");
        return new(view.Storage, view.Begin + begin, shape, strides, isConjugate, isNegative);

        string Described() => $"A tensor of shape {Shown.Shape(shape)} with strides {Shown.Shape(strides)} from element {begin}";
    }
}
