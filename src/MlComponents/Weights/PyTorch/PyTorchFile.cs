namespace MlComponents;

/// <summary>
/// State dicts in the files of PyTorch's <c>torch.save</c> (<c>.pth</c>, <c>.pt</c>): the zip layout since PyTorch 1.6 and the one before are read, the
/// zip layout is written. Reading runs nothing of the file: its pickle may hold tensors, dictionaries, lists, tuples, texts and numbers, and whatever
/// else it asks for is refused by name. Every size is compared with the file before memory is taken.
/// </summary>
/// <remarks>
/// Tensors come back bit for bit: float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, bool, complex64 and complex128. Two tensors of
/// one storage share memory after reading too, with their offsets and strides. None needs a gradient, whatever was saved.
/// </remarks>
public static class PyTorchFile
{
    /// <summary>Reads the tensors of a file.</summary>
    /// <param name="path">The file, whatever its name ends with.</param>
    /// <param name="key">
    /// Where the tensors are in what was saved: <c>state_dict</c> for a checkpoint <c>{"state_dict": {...}, "epoch": 3}</c>, keys from the outermost
    /// inwards with <c>/</c> between them, positions in lists. Null, the default: at the top.
    /// </param>
    /// <param name="device">Where the tensors are put (map_location); null, the default: the CPU. Where they were when they were saved plays no part.</param>
    /// <returns>
    /// Tensors by name in the order of the file, in the caller's dispose scope. Those of a list are called by their positions, one by itself by the last
    /// key or <c>tensor</c>. Plain values beside them are left out.
    /// </returns>
    /// <exception cref="InvalidDataException">
    /// It is no such file, cut off, damaged, from a big-endian machine, holds anything but tensors and plain values, or quantized, sparse or other
    /// tensors that can't be read; or there are no tensors at the key, and then the message lists the keys that have some.
    /// </exception>
    /// <exception cref="IOException">The file isn't there or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static Dictionary<string, Tensor> Read(string path, string? key = null, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return WeightFile.Open(path, stream => Read(stream, key, device));
    }

    /// <summary>Reads the tensors of a stream that can seek, from its position to its end.</summary>
    /// <inheritdoc cref="Read(string, string?, Device?)"/>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="key">As above.</param>
    /// <param name="device">As above.</param>
    /// <exception cref="ArgumentException">The stream can't seek.</exception>
    public static Dictionary<string, Tensor> Read(Stream stream, string? key = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
            throw new ArgumentException("A PyTorch file is read back and forth, but the stream can't seek: copy it into a file or a MemoryStream first.", nameof(stream));
        using var scope = NewDisposeScope();

        var layout = PyTorchLayout.Read(stream);
        var selected = PyTorchSelection.Select(layout.Root, key);
        var tensors = new Tensor[selected.Count];
        foreach (var group in selected.Index().GroupBy(item => (item.Item.Value.Storage.Key, item.Item.Value.IsConjugate, item.Item.Value.IsNegative)))
        {
            using var inner = NewDisposeScope();
            var first = group.First().Item.Value;
            var storage = first.Storage;
            var elements = Load(layout, first).to(device ?? CPU);
            foreach (var (i, (_, described)) in group)
                tensors[i] = described.Storage == storage
                    ? elements.as_strided(described.Shape, described.Strides, described.Begin).MoveToOuterDisposeScope()
                    : throw new InvalidDataException($"The storage '{Shown.Text(storage.Key)}' is seen as {storage.Type} and as {described.Storage.Type}, which can't be read.");
        }

        foreach (var tensor in tensors)
            tensor.MoveToOuterDisposeScope();
        return selected.Zip(tensors).ToDictionary(pair => pair.First.Key, pair => pair.Second);
    }

    /// <summary>Writes tensors as <c>torch.load</c> reads them, also with <c>weights_only=True</c>: an OrderedDict, without gaps, on the CPU.</summary>
    /// <param name="path">The file; its folder is created when it isn't there. It is written aside and renamed.</param>
    /// <param name="tensors">Tensors by name, on any device. The same ones always give the same bytes: names are sorted, and there is no date.</param>
    /// <exception cref="ArgumentException">PyTorch has no name for an element type, a tensor is sparse, or two have one name.</exception>
    /// <exception cref="IOException">The disk is full or the folder can't be written; nothing of the new file is left then.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors) => AtomicFile.Write(path, stream => Write(stream, tensors));

    /// <summary>Writes tensors to a stream that needs no seeking.</summary>
    /// <inheritdoc cref="Write(string, IEnumerable{KeyValuePair{string, Tensor}})"/>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="tensors">As above.</param>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        PyTorchWriter.Write(stream, TensorBytes.Sorted(tensors));
    }

    /// <summary>All elements of a tensor's storage, conjugated and negated as the tensor's are: a view may have far more elements than there is memory for.</summary>
    private static Tensor Load(PyTorchLayout layout, PickleTensor described)
    {
        using var scope = NewDisposeScope();
        var storage = described.Storage;
        using var bytes = layout.Open(storage);
        var elements = empty(storage.Count, storage.Type);
        TensorBytes.Read(elements, bytes, $"the storage '{Shown.Text(storage.Key)}'");
        if (described.IsConjugate)
            elements = elements.conj().resolve_conj();
        if (described.IsNegative)
            elements = elements.neg();
        return elements.MoveToOuterDisposeScope();
    }
}
