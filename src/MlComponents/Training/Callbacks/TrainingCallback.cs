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

    /// <summary>Before a step: its batches are there.</summary>
    public virtual void OnStepStart(StepStart e) { }

    /// <summary>When a step has its gradients, averaged and not yet clipped, before the optimizer moves the weights.</summary>
    public virtual void OnBackwardEnd(BackwardEnd e) { }

    /// <summary>After an optimizer step.</summary>
    public virtual void OnStepEnd(StepEnd e) { }

    /// <summary>Before a pass over the validation rows.</summary>
    public virtual void OnValidationStart(ValidationStart e) { }

    /// <summary>After each batch of a pass over the validation rows: the network's outputs are there. Not in one that only tries whether everything fits together.</summary>
    public virtual void OnValidationBatch(ValidationBatch e) { }

    /// <summary>After a pass over the validation rows.</summary>
    public virtual void OnValidationEnd(ValidationEnd e) { }

    /// <summary>After the last step and the validation of an epoch, when its row is in the history.</summary>
    public virtual void OnEpochEnd(EpochEnd e) { }

    /// <summary>When a checkpoint was taken; it is being written in the background.</summary>
    public virtual void OnCheckpoint(CheckpointTaken e) { }

    /// <summary>When something went wrong that doesn't end the run.</summary>
    public virtual void OnWarning(Warning e) { }

    /// <summary>Once at the end of every run whose <see cref="OnTrainStart"/> was called, also of one that was cancelled or failed.</summary>
    public virtual void OnTrainEnd(TrainEnd e) { }

    /// <summary>Once after the <see cref="OnTrainEnd"/> of all callbacks, wherever they are listed: for what tells of the whole run, with what was warned of at its end.</summary>
    public virtual void OnReport(TrainEnd e) { }

    /// <summary>Remembers what the callback needs to go on after a resume; nothing by default.</summary>
    /// <param name="state">A state of its own.</param>
    public virtual void SaveState(ComponentState state) { }

    /// <summary>Goes on from what <see cref="SaveState"/> remembered, after <see cref="OnTrainStart"/>.</summary>
    /// <param name="state">What this callback, at its place in the list, remembered.</param>
    public virtual void LoadState(ComponentState state) { }
}
