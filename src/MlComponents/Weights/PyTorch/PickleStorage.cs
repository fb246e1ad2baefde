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
