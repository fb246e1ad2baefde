namespace MlComponents;

/// <summary>Files of weights in the formats that are in use: safetensors, and PyTorch's <c>.pth</c> and <c>.pt</c>.</summary>
public static class WeightFile
{
    /// <summary>Reads the tensors of a file, whose format is recognised by its content and not by its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">Where the tensors are in what PyTorch saved, such as <c>state_dict</c>; see <see cref="PyTorchFile.Read(string, string?, Device?)"/>. Null, the default: at the top.</param>
    /// <param name="device">Where the tensors are put; null, the default: the CPU.</param>
    /// <returns>Tensors by name, in the caller's dispose scope.</returns>
    /// <exception cref="InvalidDataException">It is in no known format, cut off, damaged, or holds what isn't allowed; or there are no tensors at the key.</exception>
    /// <exception cref="IOException">The file isn't there or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static Dictionary<string, Tensor> Read(string path, string? key = null, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        return Open(path, stream => WeightFormats.Detect(stream) switch
        {
            WeightFormat.Unknown => throw new InvalidDataException("This is no file of weights: it begins neither like safetensors nor like what PyTorch's torch.save writes."),
            WeightFormat.Safetensors when key is not null => throw new InvalidDataException(
                $"This is a safetensors file, which has no key '{Shown.Text(key)}' to choose: only files of PyTorch have."),
            WeightFormat.Safetensors => Safetensors.Read(stream, device),
            _ => PyTorchFile.Read(stream, key, device),
        });
    }

    /// <summary>Writes tensors in the format that the file's name ends with.</summary>
    /// <param name="path">The file, ending with <c>.safetensors</c>, <c>.pth</c> or <c>.pt</c>; its folder is created when it isn't there. It is written aside and renamed.</param>
    /// <param name="tensors">Tensors by name, on any device.</param>
    /// <exception cref="ArgumentException">The name ends otherwise, the format has no name for an element type, a tensor is sparse, or two have one name.</exception>
    /// <exception cref="IOException">The disk is full or the folder can't be written; nothing of the new file is left then.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);

        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension is not (".safetensors" or ".pth" or ".pt"))
            throw new ArgumentException($"The name '{path}' ends with '{extension}', but must say the format: .safetensors, or .pth or .pt for PyTorch.", nameof(path));
        if (extension == ".safetensors")
            AtomicFile.Write(path, stream => Safetensors.Write(stream, tensors));
        else
            PyTorchFile.Write(path, tensors);
    }

    /// <summary>Reads a file, and puts its path before what is wrong with it.</summary>
    internal static T Open<T>(string path, Func<Stream, T> read)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}
