using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Weights from a file that a run starts with instead of random ones, as for fine-tuning.</summary>
/// <param name="Path">A safetensors or PyTorch file (see <see cref="WeightFile.Read"/>), or the folder of a checkpoint; no default.</param>
public sealed record InitialWeights([property: Required] string Path)
{
    /// <summary>Where the tensors are in what PyTorch saved, such as <c>state_dict</c>. Null, the default: at the top.</summary>
    public string? Key { get; init; }

    /// <summary>Rules that turn the file's names into the network's; each is applied to what the ones before it left. Default: none.</summary>
    [Required]
    public IReadOnlyList<RenamingRule> Renaming { get; init; } = [];

    /// <summary>
    /// Whether every tensor must fit. Default: true; otherwise those that fit are loaded and a warning lists the others, as when the last layer has another number of classes.
    /// </summary>
    public bool Strict { get; init; } = true;

    /// <summary>Whether JSON can hold it: own rules of renaming are code.</summary>
    internal bool IsData => Renaming.All(rule => rule is RenamePrefix or RenamePattern);

    /// <summary>Puts the weights into a network.</summary>
    /// <returns>What doesn't fit, in a sentence; null when all does.</returns>
    /// <exception cref="InvalidDataException">It is no file of weights, or it doesn't fit the network; the network is unchanged then.</exception>
    /// <exception cref="ArgumentException">A renaming rule can't be applied.</exception>
    /// <exception cref="IOException">The file isn't there or can't be read.</exception>
    internal string? LoadInto(nn.Module network)
    {
        var file = Directory.Exists(Path) ? System.IO.Path.Combine(Path, CheckpointFiles.Weights) : Path;
        if (!File.Exists(file))
            throw new FileNotFoundException($"The initial weights '{file}' aren't there: give the path of a safetensors or PyTorch file, or of a checkpoint's folder.", file);

        var report = StateDict.Load(network, file, new() { Renaming = Renaming, Strict = Strict }, Key);
        if (report.Loaded.Count == 0)
            throw new InvalidDataException($"Not one tensor of the initial weights '{file}' fits the network {network.GetName()}: {report}. Rename those that mean the same by Renaming.");
        return report.IsComplete ? null : $"{report.Loaded.Count} tensors of the initial weights '{file}' were loaded; the rest doesn't fit: {report}.";
    }
}
