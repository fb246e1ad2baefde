using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Weights from a file that a run starts with instead of random ones.</summary>
/// <param name="Path">A safetensors or PyTorch file; no default.</param>
public sealed record InitialWeights([property: Required] string Path);
