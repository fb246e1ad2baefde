namespace MlComponents;

/// <summary>Devices by name.</summary>
public static class Devices
{
    /// <summary>The first CUDA device, or the CPU where there is none.</summary>
    public const string Auto = "auto";

    /// <summary>The device of a name.</summary>
    /// <param name="name"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="ArgumentException">The name is another one, or there is no such device on this machine.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == Auto)
            return cuda.is_available() ? CUDA : CPU;
        if (name == "cpu")
            return CPU;

        var index = 0;
        if (name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out index) && index >= 0))
            throw new ArgumentException($"There is no device '{name}'; allowed are auto, cpu, cuda and cuda:N.", nameof(name));
        if (!cuda.is_available())
            throw new ArgumentException(
                $"The device '{name}' isn't there: libtorch finds no CUDA device. Build with -p:TorchBackend=cuda-linux or cuda-windows on a machine that has one, or train on 'cpu'.", nameof(name));
        if (index >= cuda.device_count())
            throw new ArgumentException($"The device '{name}' isn't there: this machine has {cuda.device_count()} CUDA devices, numbered from 0.", nameof(name));
        return device(DeviceType.CUDA, index);
    }
}
