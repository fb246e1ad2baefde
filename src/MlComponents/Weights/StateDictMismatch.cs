namespace MlComponents;

/// <summary>A tensor that a file and a network have under one name, but with a shape or type that doesn't fit.</summary>
/// <param name="Name">The network's name.</param>
/// <param name="FileShape">Shape in the file.</param>
/// <param name="NetworkShape">Shape in the network.</param>
/// <param name="FileType">Element type in the file.</param>
/// <param name="NetworkType">Element type in the network: another one is converted to it, unless complex numbers would lose their imaginary part.</param>
public sealed record StateDictMismatch(
    string Name, IReadOnlyList<long> FileShape, IReadOnlyList<long> NetworkShape, ScalarType FileType, ScalarType NetworkType)
{
    /// <summary>Both shapes, or both types where the shapes are equal.</summary>
    public override string ToString() => FileShape.SequenceEqual(NetworkShape)
        ? $"{Name} is {FileType}, but the network has {NetworkType}, which can't hold it"
        : $"{Name} is {Shown.Shape(FileShape)}, but the network has {Shown.Shape(NetworkShape)}";
}
