namespace MlComponents;

/// <summary>What an <see cref="Observer"/> keeps of each call of a module.</summary>
public sealed record ObserverOptions
{
    /// <summary>Whether the output of each call is kept. Default: true.</summary>
    public bool Activations { get; init; } = true;

    /// <summary>Whether the gradient of each output is kept; while it is waited for, so is the graph. Default: true.</summary>
    public bool Gradients { get; init; } = true;

    /// <summary>Whether statistics of each output are computed when it is there. Default: false.</summary>
    public bool Statistics { get; init; }
}
