using System.Globalization;
using System.Text;

namespace MlComponents;

/// <summary>Writes the zip layout of torch.save with an OrderedDict of tensors, as PyTorch's own restricted unpickler reads it too.</summary>
internal static class PyTorchWriter
{
    private const string Folder = "archive/";

    /// <param name="stream">Where to; it needs no seeking.</param>
    /// <param name="tensors">Tensors by name in the order in which they are written.</param>
    /// <param name="wideFrom">See <see cref="ZipWriter"/>.</param>
    /// <exception cref="ArgumentException">PyTorch has no type for one of them.</exception>
    public static void Write(Stream stream, List<KeyValuePair<string, Tensor>> tensors, uint wideFrom = uint.MaxValue)
    {
        var storages = Storages(tensors);
        var zip = new ZipWriter(stream, wideFrom);
        zip.Add(Folder + "data.pkl", Pickle(tensors, storages));
        zip.Add(Folder + "byteorder", "little"u8);
        for (var i = 0; i < tensors.Count; i++)
            if (storages[i] == i)
            {
                using var scope = NewDisposeScope();
                zip.Add($"{Folder}data/{i}", TensorBytes.Dense(tensors[i].Value));
            }
        zip.Add(Folder + "version", "3\n"u8);
        zip.Finish();
    }

    /// <summary>
    /// For each tensor the first one whose memory it has, itself where it is alone: weights that two layers share are written once. Only whole dense
    /// tensors on the CPU are compared.
    /// </summary>
    private static int[] Storages(List<KeyValuePair<string, Tensor>> tensors)
    {
        var first = new Dictionary<(nint Address, long Count, ScalarType Type), int>();
        var storages = new int[tensors.Count];
        for (var i = 0; i < storages.Length; i++)
        {
            var tensor = tensors[i].Value;
            storages[i] = i;
            if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous() || tensor.is_conj() || tensor.is_neg() || tensor.numel() == 0)
                continue;
            var memory = (TensorBytes.Address(tensor), tensor.numel(), tensor.dtype);
            if (!first.TryAdd(memory, i))
                storages[i] = first[memory];
        }
        return storages;
    }

    private static byte[] Pickle(List<KeyValuePair<string, Tensor>> tensors, int[] storages)
    {
        var pickle = new PickleWriter();
        pickle.Global("collections", "OrderedDict");
        pickle.Call();
        pickle.Mark();
        for (var i = 0; i < tensors.Count; i++)
        {
            var (name, tensor) = tensors[i];
            pickle.Text(name);
            pickle.Global("torch._utils", "_rebuild_tensor_v2");
            pickle.Mark();
            pickle.Storage(PyTorchTypes.StorageOf(name, tensor.dtype), storages[i].ToString(CultureInfo.InvariantCulture), tensor.numel());
            pickle.Integer(0);   // the storage's first element
            pickle.Sizes(tensor.shape);
            pickle.Sizes(DenseStrides(tensor.shape));
            pickle.False();      // needs no gradient: state dicts hold values
            pickle.Global("collections", "OrderedDict");
            pickle.Call();       // no hooks
            pickle.Tuple();
            pickle.Reduce();
        }
        pickle.Items();
        return pickle.Finish();
    }

    private static long[] DenseStrides(long[] shape)
    {
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(shape[d], 1);
        }
        return strides;
    }
}
