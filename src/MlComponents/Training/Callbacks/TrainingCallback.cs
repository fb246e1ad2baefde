namespace MlComponents;

/// <summary>Watches a run. Every hook does nothing by default: override what you need.</summary>
/// <remarks>
/// Hooks run on the training thread, in the order in which the callbacks are listed. To end a run call <see cref="TrainingRun.Stop"/>; an
/// exception from a hook ends it too, as an error. Tensors seen in a hook are the run's own: read them there, keep no reference.
/// </remarks>
public abstract class TrainingCallback
{
    /// <summary>Before the first step: names of metrics can be checked, snapshots asked for.</summary>
    public virtual void OnTrainStart(TrainStart e) { }

    /// <summary>Before the first step of an epoch.</summary>
    public virtual void OnEpochStart(EpochStart e) { }

    /// <summary>After an optimizer step.</summary>
    public virtual void OnStepEnd(StepEnd e) { }

    /// <summary>Before a pass over the validation rows.</summary>
    public virtual void OnValidationStart(ValidationStart e) { }

    /// <summary>After a pass over the validation rows.</summary>
    public virtual void OnValidationEnd(ValidationEnd e) { }

    /// <summary>After the last step and the validation of an epoch, when its row is in the history.</summary>
    public virtual void OnEpochEnd(EpochEnd e) { }

    /// <summary>Once at the end of every run whose <see cref="OnTrainStart"/> was called, also of one that was cancelled or failed.</summary>
    public virtual void OnTrainEnd(TrainEnd e) { }
}
