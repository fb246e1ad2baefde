namespace MlComponents;

/// <summary>The few things that a pickle of weights may name. Everything else is refused by name, and nothing is ever looked up or run.</summary>
internal static class PickleGlobals
{
    private const string Utils = "torch._utils.";

    private static readonly Dictionary<string, PickleFunction> Functions = new PickleFunction[]
    {
        new("collections.OrderedDict", OrderedDictionary),
        new("torch.Size", arguments => arguments is [object?[] sizes] ? sizes : throw Unfit("torch.Size")),
        new("torch.device", arguments => arguments is [string kind, ..] ? kind : throw Unfit("torch.device")),   // a plain value that nothing needs
        new(Utils + "_rebuild_tensor", arguments => arguments is [var storage, var begin, var shape, var strides]
            ? Tensor(storage, begin, shape, strides) : throw Unfit(Utils + "_rebuild_tensor")),
        new(Utils + "_rebuild_tensor_v2", arguments => arguments is [var storage, var begin, var shape, var strides, _, _, .. { Length: <= 1 } metadata]
            ? Tensor(storage, begin, shape, strides, metadata) : throw Unfit(Utils + "_rebuild_tensor_v2")),
        new(Utils + "_rebuild_tensor_v3", arguments => arguments is [var storage, var begin, var shape, var strides, _, _, PickleType type, .. { Length: <= 1 } metadata]
            ? Tensor(As(storage, type), begin, shape, strides, metadata) : throw Unfit(Utils + "_rebuild_tensor_v3")),
        new(Utils + "_rebuild_parameter", arguments => arguments is [PickleTensor tensor, _, _] ? tensor : throw Unfit(Utils + "_rebuild_parameter")),
        new(Utils + "_rebuild_parameter_with_state", arguments => arguments is [PickleTensor tensor, _, _, _]
            ? tensor : throw Unfit(Utils + "_rebuild_parameter_with_state")),
        new("torch._tensor._rebuild_from_type_v2", arguments => arguments is [PickleFunction rebuild, PickleTensorClass, object?[] inner, _] && rebuild.Name.StartsWith(Utils, StringComparison.Ordinal)
            ? rebuild.Call(inner) : throw Unfit("torch._tensor._rebuild_from_type_v2")),   // a tensor with attributes, which are of no use here
    }.ToDictionary(function => function.Name);

    /// <summary>Things that PyTorch writes and that have a sentence of their own.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        [Utils + "_rebuild_qtensor"] = "a quantized tensor, which can't be read: save dequantize() of it",
        [Utils + "_rebuild_sparse_tensor"] = "a sparse tensor, which can't be read: save to_dense() of it",
        [Utils + "_rebuild_sparse_csr_tensor"] = "a sparse tensor, which can't be read: save to_dense() of it",
        [Utils + "_rebuild_nested_tensor"] = "a nested tensor, which can't be read: save its parts",
        [Utils + "_rebuild_meta_tensor_no_storage"] = "a tensor on the device 'meta', which has no values",
    };

    /// <summary>Finds what a pickle names.</summary>
    /// <exception cref="InvalidDataException">It is none of what weights need.</exception>
    public static object Find(string module, string name)
    {
        var full = $"{module}.{name}";
        if (Functions.TryGetValue(full, out var function))
            return function;
        if (module == "torch" && PyTorchTypes.OfStorage(name) is { } type)
            return new PickleStorageClass(type);
        if (module is "torch" or "torch.storage" && name is "UntypedStorage" or "_UntypedStorage")
            return new PickleStorageClass(ScalarType.Byte);
        if (full is "torch.Tensor" or "torch.nn.parameter.Parameter")
            return new PickleTensorClass();
        if (module == "torch" && PyTorchTypes.IsName(name))
            return new PickleType(name);

        throw new InvalidDataException(Refused.TryGetValue(full, out var what)
            ? $"The file holds {what}."
            : $"The file asks for '{Shown.Text(full)}', but a file of weights may hold tensors, dictionaries, lists, tuples, texts and numbers only: save model.state_dict() alone.");
    }

    /// <summary>A whole number that stands for a size or a place.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static long Size(object? value) => value as long? ?? throw new InvalidDataException($"The pickle has {Kind(value)} where a size belongs.");

    /// <summary>What a value is, for messages.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "None",
        bool => "a bool",
        long or System.Numerics.BigInteger => "a whole number",
        double => "a number",
        string => "a text",
        object?[] => "a tuple",
        List<object?> => "a list",
        PickleDictionary => "a dictionary",
        PickleTensor => "a tensor",
        PickleStorageView => "a storage",
        PickleStorageClass => "a storage class",
        PickleTensorClass => "a tensor class",
        PickleType type => $"torch.{type.Name}",
        PickleFunction function => function.Name,
        _ => "an unknown value",
    };

    private static PickleDictionary OrderedDictionary(object?[] arguments)
    {
        var result = new PickleDictionary(isOrdered: true);
        if (arguments is [List<object?> pairs])   // as Python 2 wrote it
            foreach (var pair in pairs)
                switch (pair)
                {
                    case List<object?> and [var key, var value]:
                        result.Add(key, value);
                        break;
                    case object?[] and [var key, var value]:
                        result.Add(key, value);
                        break;
                    default:
                        throw Unfit("collections.OrderedDict");
                }
        else if (arguments.Length > 0)
            throw Unfit("collections.OrderedDict");
        return result;
    }

    private static PickleTensor Tensor(object? storage, object? begin, object? shape, object? strides, params object?[] metadata) => PickleTensor.Create(
        storage as PickleStorageView ?? throw new InvalidDataException($"The pickle has {Kind(storage)} where a tensor's storage belongs."),
        Size(begin), Sizes(shape), Sizes(strides), Flag(metadata, "conj"), Flag(metadata, "neg"));

    private static long[] Sizes(object? value) => value is object?[] sizes
        ? Array.ConvertAll(sizes, Size) : throw new InvalidDataException($"The pickle has {Kind(value)} where a tensor's sizes belong.");

    /// <summary>A storage of bytes as one of another type.</summary>
    private static object? As(object? storage, PickleType type)
    {
        if (PyTorchTypes.OfName(type.Name) is not { } scalar)
            throw new InvalidDataException($"The file holds a tensor of torch.{type.Name}, which TorchSharp hasn't; known are {PyTorchTypes.Names}.");
        if (storage is not PickleStorageView { Begin: 0 } view || view.Storage.Type == scalar)
            return storage;
        if (view.Storage.Type != ScalarType.Byte || view.Storage.Length % PyTorchTypes.SizeOf(scalar) != 0)
            throw new InvalidDataException($"The storage '{Shown.Text(view.Storage.Key)}' of {view.Storage.Length} bytes can't be seen as torch.{type.Name}.");

        var count = view.Storage.Length / PyTorchTypes.SizeOf(scalar);
        return new PickleStorageView(view.Storage with { Type = scalar, Count = count }, 0, count);
    }

    private static bool Flag(object?[] metadata, string name) => metadata is [PickleDictionary flags] && flags.Find(name) is true;

    private static InvalidDataException Unfit(string name) => new($"The pickle calls {name} with arguments that PyTorch doesn't give it: it is damaged.");
}
