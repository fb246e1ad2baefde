namespace MlComponents;

/// <summary>A short run that only measures: the caller's options without what belongs to a whole run.</summary>
internal static class SearchRun
{
    /// <summary>The options of such a run.</summary>
    /// <param name="options">The caller's.</param>
    /// <param name="steps">Steps to take, unless <paramref name="onStepEnd"/> ends it.</param>
    /// <param name="onStepEnd">Sees every step, with its loss.</param>
    public static TrainerOptions Options(TrainerOptions options, int steps, Action<StepEnd> onStepEnd) => options with
    {
        MaxSteps = steps,
        Schedule = new Constant(),
        Callbacks = [new LambdaCallback { OnStepEnd = onStepEnd }],
        LogEvery = 1,
        TimeLimit = null,
        DryRun = false,
        Average = null,
        Checkpoints = null,
        Monitor = MetricNames.ValidationLoss,
        ValidateEvery = null,
        SanityValidationBatches = 0,
    };

    /// <summary>Runs it and frees the network that it trained.</summary>
    public static void Run(TrainerOptions options, NetworkDefinition network, Objective objective, Dataset training)
    {
        using var result = new Trainer(options).Fit(network, objective, training);
        options.CancellationToken.ThrowIfCancellationRequested();
    }
}
