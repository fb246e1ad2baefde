namespace MlComponents;

/// <summary>What a layer or network makes of one example, and how many numbers it has.</summary>
public sealed record ModuleDescription
{
    /// <summary>What it is, e.g. <c>Convolution</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Shape of one example that goes in, without the batch; the first input's where there are several.</summary>
    public required IReadOnlyList<long> InputShape { get; init; }

    /// <summary>Shape of what comes out for one example, without the batch.</summary>
    public required IReadOnlyList<long> OutputShape { get; init; }

    /// <summary>Numbers that training changes: weights and biases.</summary>
    public required long Parameters { get; init; }

    /// <summary>Numbers in buffers, which are saved but not trained, e.g. running means. Default: none.</summary>
    public long Buffers { get; init; }

    /// <summary>
    /// Multiplications, each with an addition, that one example takes in eval mode: products of weights in convolutions, linear and bilinear layers and the two products of attention, as published
    /// figures count them. Biases, normalization, activations, pooling and other arithmetic on single numbers count as nothing. Null, the default, where nobody can say.
    /// </summary>
    public long? MultiplyAdds { get; init; }

    /// <summary>Whether there are modules of which nobody can say what they do, so that <see cref="MultiplyAdds"/> are at least so many. Default: false.</summary>
    public bool HasUncounted { get; init; }

    /// <summary>The modules inside a network, in the order of their names' registration. Default: none, as for a single layer.</summary>
    public IReadOnlyList<ModulePart> Parts { get; init; } = [];
}

/// <summary>A module inside a network.</summary>
/// <param name="Path">Its path of names, which is the prefix of its state-dict keys.</param>
/// <param name="Kind">Its type.</param>
/// <param name="OutputShape">Shape of what it makes of one example, without the batch; null where it isn't called by itself.</param>
/// <param name="Parameters">Trainable numbers of its own, without those of modules inside it.</param>
/// <param name="MultiplyAdds">As <see cref="ModuleDescription.MultiplyAdds"/>, of its own, without those of modules inside it; null where nobody can say, as of a module of an unknown type.</param>
public sealed record ModulePart(string Path, string Kind, IReadOnlyList<long>? OutputShape, long Parameters, long? MultiplyAdds = null);
