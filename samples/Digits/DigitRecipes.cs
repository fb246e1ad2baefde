using MlComponents;
using MlComponents.MLNet;

namespace Digits;

/// <summary>Ways to train the same network, by name.</summary>
public static class DigitRecipes
{
    /// <summary>The rows as they are, a cosine schedule, float32.</summary>
    public const string Plain = "plain";

    /// <summary>
    /// What reads digits best: a one-cycle schedule and a moving average of the weights, and for networks that see pictures small rotations, shifts and scales of the digits, and
    /// bfloat16, which takes a convolutional network a third less time on a processor that has it.
    /// </summary>
    public const string Best = "best";

    /// <summary>The names of all.</summary>
    public static string[] Names { get; } = [Plain, Best];

    private static ExponentialMovingAverage Average => new() { Decay = 0.995 };

    /// <summary>Changes how a network is trained.</summary>
    /// <param name="recipe">One of <see cref="Names"/>.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">The plain recipe, with the network's own learning rate and epochs.</param>
    public static TorchTrainerOptions Apply(string recipe, NetworkDefinition network, TorchTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        return recipe switch
        {
            Plain => options,
            Best when network.InputShape is null => options with { Schedule = new OneCycle(), Average = Average },
            Best => options with { Schedule = new OneCycle(), Average = Average, Augmentations = [new RandomAffine()], Precision = TrainingPrecision.BFloat16Mixed },
            _ => throw new ArgumentException($"There is no recipe '{recipe}'; there are {string.Join(", ", Names)}.", nameof(recipe)),
        };
    }
}
