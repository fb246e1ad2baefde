using MlComponents;
using MlComponents.MLNet;

namespace Digits;

/// <summary>Ways to train the same network, by name.</summary>
public static class DigitRecipes
{
    /// <summary>The rows as they are, a cosine schedule, float32.</summary>
    public const string Plain = "plain";

    /// <summary>What reads digits best.</summary>
    public const string Best = "best";

    /// <summary>The names of all.</summary>
    public static string[] Names { get; } = [Plain, Best];

    /// <summary>Changes how a network is trained.</summary>
    /// <param name="recipe">One of <see cref="Names"/>.</param>
    /// <param name="options">The plain recipe, with the network's own learning rate and epochs.</param>
    public static TorchTrainerOptions Apply(string recipe, TorchTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return recipe switch
        {
            Plain => options,
            Best => options with { MaxGradientNorm = 1 },
            _ => throw new ArgumentException($"There is no recipe '{recipe}'; there are {string.Join(", ", Names)}.", nameof(recipe)),
        };
    }
}
