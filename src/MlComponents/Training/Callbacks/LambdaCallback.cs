namespace MlComponents;

/// <summary>A callback from functions, for simple uses: <c>new LambdaCallback { OnEpochEnd = e => Console.WriteLine(e.Row) }</c>.</summary>
/// <remarks>Functions are not data: it is left out where options are saved.</remarks>
public sealed record LambdaCallback : CallbackDefinition
{
    /// <summary>Called before the first step. Default: nothing.</summary>
    public Action<TrainStart>? OnTrainStart { get; init; }

    /// <summary>Called before the first step of an epoch. Default: nothing.</summary>
    public Action<EpochStart>? OnEpochStart { get; init; }

    /// <summary>Called before every step. Default: nothing.</summary>
    public Action<StepStart>? OnStepStart { get; init; }

    /// <summary>Called when a step has its gradients. Default: nothing.</summary>
    public Action<BackwardEnd>? OnBackwardEnd { get; init; }

    /// <summary>Called after every step. Default: nothing.</summary>
    public Action<StepEnd>? OnStepEnd { get; init; }

    /// <summary>Called before every validation. Default: nothing.</summary>
    public Action<ValidationStart>? OnValidationStart { get; init; }

    /// <summary>Called after every batch of a validation. Default: nothing.</summary>
    public Action<ValidationBatch>? OnValidationBatch { get; init; }

    /// <summary>Called after every validation. Default: nothing.</summary>
    public Action<ValidationEnd>? OnValidationEnd { get; init; }

    /// <summary>Called after every epoch. Default: nothing.</summary>
    public Action<EpochEnd>? OnEpochEnd { get; init; }

    /// <summary>Called when a checkpoint was taken. Default: nothing.</summary>
    public Action<CheckpointTaken>? OnCheckpoint { get; init; }

    /// <summary>Called when something went wrong that doesn't end the run. Default: nothing.</summary>
    public Action<Warning>? OnWarning { get; init; }

    /// <summary>Called once at the end. Default: nothing.</summary>
    public Action<TrainEnd>? OnTrainEnd { get; init; }

    /// <summary>Called once when all callbacks have heard of the end. Default: nothing.</summary>
    public Action<TrainEnd>? OnReport { get; init; }

    /// <inheritdoc/>
    public override TrainingCallback Create() => new Callback(this);

    private sealed class Callback(LambdaCallback functions) : TrainingCallback
    {
        public override void OnTrainStart(TrainStart e) => functions.OnTrainStart?.Invoke(e);
        public override void OnEpochStart(EpochStart e) => functions.OnEpochStart?.Invoke(e);
        public override void OnStepStart(StepStart e) => functions.OnStepStart?.Invoke(e);
        public override void OnBackwardEnd(BackwardEnd e) => functions.OnBackwardEnd?.Invoke(e);
        public override void OnStepEnd(StepEnd e) => functions.OnStepEnd?.Invoke(e);
        public override void OnValidationStart(ValidationStart e) => functions.OnValidationStart?.Invoke(e);
        public override void OnValidationBatch(ValidationBatch e) => functions.OnValidationBatch?.Invoke(e);
        public override void OnValidationEnd(ValidationEnd e) => functions.OnValidationEnd?.Invoke(e);
        public override void OnEpochEnd(EpochEnd e) => functions.OnEpochEnd?.Invoke(e);
        public override void OnCheckpoint(CheckpointTaken e) => functions.OnCheckpoint?.Invoke(e);
        public override void OnWarning(Warning e) => functions.OnWarning?.Invoke(e);
        public override void OnTrainEnd(TrainEnd e) => functions.OnTrainEnd?.Invoke(e);
        public override void OnReport(TrainEnd e) => functions.OnReport?.Invoke(e);
    }
}
