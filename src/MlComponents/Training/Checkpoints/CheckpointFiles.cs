using System.Globalization;
using System.Text.RegularExpressions;

namespace MlComponents;

/// <summary>Names in a folder of checkpoints. None of them is ever read from a file.</summary>
internal static partial class CheckpointFiles
{
    public const string State = "state.json";
    public const string Weights = "weights.safetensors";
    public const string Optimizer = "optimizer.safetensors";
    public const string Run = "run.safetensors";

    private const string Replaced = ".replaced";

    /// <summary>A checkpoint's folder.</summary>
    public static string NameOf(long step) => string.Create(CultureInfo.InvariantCulture, $"step-{step:D8}");

    /// <summary>A name, used once, for one that is being written or deleted.</summary>
    public static string AsideOf(long step) => $"{NameOf(step)}.{Guid.NewGuid():N}.tmp";

    /// <summary>The name of one in whose place a new one is about to come.</summary>
    public static string ReplacedOf(long step) => NameOf(step) + Replaced;

    /// <summary>The step of a checkpoint's folder; null for any other name.</summary>
    public static long? StepOf(string name) =>
        name.StartsWith("step-", StringComparison.Ordinal) && long.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && name == NameOf(step)
            ? step : null;

    /// <summary>Whether a name is that of a checkpoint that a killed run was writing or deleting.</summary>
    public static bool IsAside(string name) => Aside().IsMatch(name);

    /// <summary>The step of a checkpoint that a killed run was replacing; null for any other name.</summary>
    public static long? StepOfReplaced(string name) => name.EndsWith(Replaced, StringComparison.Ordinal) ? StepOf(name[..^Replaced.Length]) : null;

    [GeneratedRegex(@"^step-\d{8,19}\.[0-9a-f]{32}\.tmp\z")]
    private static partial Regex Aside();
}
