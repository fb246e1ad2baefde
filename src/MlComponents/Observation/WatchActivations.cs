using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Looks into the network in some of the steps and warns, once for each module, of dead units, of activations that explode or vanish, and of the first that isn't finite.</summary>
/// <remarks>It changes nothing in what is computed. In the other steps there are no hooks, and no cost. One step's examples are looked at: a unit that is 0 for all of them isn't dead for certain.</remarks>
public sealed record WatchActivations : CallbackDefinition
{
    /// <summary>Names of the modules, in which <c>*</c> stands for any characters, e.g. <c>layer4.*</c>. Default: all.</summary>
    [Required, MinLength(1)]
    public IReadOnlyList<string> Modules { get; init; } = ["*"];

    /// <summary>Steps from one that is looked into to the next, the first being step 1. At least 1; default 100.</summary>
    [Range(1, int.MaxValue)]
    public int EverySteps { get; init; } = 100;

    /// <summary>Where it becomes a problem. Default: the root mean square above 1e4 or below 1e-5, or more than a tenth of the units dead.</summary>
    [Required]
    public ActivationLimits Limits { get; init; } = new();

    /// <inheritdoc/>
    public override TrainingCallback Create() => new WatchActivationsCallback(this);
}

internal sealed class WatchActivationsCallback(WatchActivations options) : TrainingCallback, IDisposable
{
    private readonly HashSet<string> told = [];
    private ActivationWatch? watch;

    /// <exception cref="ArgumentException">A pattern means no module that can be watched.</exception>
    public override void OnTrainStart(TrainStart e) => ObservableModules.Choose(e.Run.Network, options.Modules);

    public override void OnStepStart(StepStart e)
    {
        if ((e.Step - 1) % options.EverySteps == 0)
            watch = new(e.Run.Network, ObservableModules.Choose(e.Run.Network, options.Modules), options.Limits);
    }

    /// <summary>Before the weights move, so that they are those of the pass.</summary>
    public override void OnBackwardEnd(BackwardEnd e)
    {
        var findings = watch?.Report().Findings ?? [];
        Dispose();
        foreach (var finding in findings.Where(finding => told.Add($"{finding.Problem} {finding.Module}")))
            e.Run.Warn($"Step {e.Step}: {finding.Sentence}");
    }

    public override void OnTrainEnd(TrainEnd e) => Dispose();

    /// <summary>Takes the hooks off.</summary>
    public void Dispose()
    {
        watch?.Dispose();
        watch = null;
    }

    public override void SaveState(ComponentState state) => state.Set("told", told.ToList());

    public override void LoadState(ComponentState state) => told.UnionWith(state.Get<List<string>>("told"));
}
