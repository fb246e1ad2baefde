namespace MlComponents;

/// <summary>The gradients of one step: those of the mean loss over all rows of its batches, however many these are, and in however small parts the device can take them.</summary>
internal sealed class BackwardPass : IDisposable
{
    private readonly TrainingRun run;
    private readonly Objective objective;
    private readonly Replicas replicas;
    private readonly GradientCheckpoints checkpoints;
    private readonly List<Tensor> buffers;
    private long largestPart = long.MaxValue;
    private long rows;   // of the part that is being computed

    /// <param name="run">The run, whose network learns.</param>
    /// <param name="objective">What it learns.</param>
    /// <exception cref="ArgumentException"><see cref="TrainerOptions.CheckpointBlocks"/> or <see cref="TrainerOptions.DataParallelDevices"/> doesn't fit the network or this machine.</exception>
    public BackwardPass(TrainingRun run, Objective objective)
    {
        (this.run, this.objective) = (run, objective);
        replicas = Replicas.Of(run);
        checkpoints = new(replicas.Networks, run.Options.CheckpointBlocks);
        buffers = [.. run.Network.buffers()];
    }

    /// <summary>Adds the gradients to those that the parameters have.</summary>
    /// <param name="batches">The batches of the step, at least one.</param>
    /// <param name="forgetGradients">Forgets all gradients, those of the step's parts that were computed before the device had no memory left.</param>
    /// <returns>The loss over all of them and its terms, in the caller's dispose scope.</returns>
    public ObjectiveStep Run(IReadOnlyList<Batch> batches, Action forgetGradients)
    {
        using var before = run.Options.HalveBatchWhenOutOfMemory ? new ForwardState(buffers, run.Context.Device) : null;
        while (true)
            try
            {
                return RunParts(batches);
            }
            catch (Exception e) when (before is not null && rows > 1 && OutOfDeviceMemory.IsCause(e))
            {
                Halve();
                forgetGradients();
                replicas.ForgetGradients();
                before.Restore();
            }
    }

    public void Dispose()
    {
        checkpoints.Dispose();
        replicas.Dispose();
    }

    private void Halve()
    {
        largestPart = (rows + 1) / 2;
        run.Warn($"Step {run.Step + 1} ran out of memory with {rows} rows: from now on a batch is computed in parts of at most {largestPart} rows.");
    }

    private ObjectiveStep RunParts(IReadOnlyList<Batch> batches)
    {
        using var scope = NewDisposeScope();
        using var cut = new BatchParts(batches, largestPart);

        var total = cut.Parts is [var only] ? Run(only, share: null) : RunAll(cut.Parts);
        replicas.SumGradients();

        return MoveToOuterScope(total);
    }

    private ObjectiveStep RunAll(IReadOnlyList<Batch> parts)
    {
        var shares = Shares(parts);
        var total = Run(parts[0], shares[0]);
        for (var i = 1; i < parts.Count; i++)
            total = Sum(total, Run(parts[i], shares[i]));
        return total;
    }

    /// <summary>One part of the step.</summary>
    private ObjectiveStep Run(Batch part, Tensor? share)
    {
        using var scope = NewDisposeScope();

        rows = part.Count;
        try
        {
            var step = objective.Step(replicas.Module, part);
            Part(step.Loss).backward();
            checkpoints.ThrowIfFailed();

            return MoveToOuterScope(new(Part(step.Loss.detach()), step.Output.detach()) { Terms = step.Terms.ToDictionary(term => term.Key, term => Part(term.Value.detach())) });
        }
        finally
        {
            checkpoints.EndPass();
        }

        Tensor Part(Tensor value) => share is null ? value : value * share;
    }

    /// <summary>The share of each part in the loss over all of them: of a mean what counts in it, of a sum all.</summary>
    private Tensor[] Shares(IReadOnlyList<Batch> parts)
    {
        var term = objective.Terms.Keys.FirstOrDefault();
        var weights = parts.Select(part => objective.Normalizer(part, term)).ToList();
        var all = weights.Aggregate((a, b) => a + b);
        return [.. weights.Select(weight => objective.IsSum ? ones_like(weight) : where(all == 0, 0.0, weight / all))];
    }

    private static ObjectiveStep Sum(ObjectiveStep a, ObjectiveStep b) => new(a.Loss + b.Loss, b.Output)
    {
        Terms = a.Terms.ToDictionary(term => term.Key, term => term.Value + b.Terms[term.Key]),
    };

    private static ObjectiveStep MoveToOuterScope(ObjectiveStep step)
    {
        step.Loss.MoveToOuterDisposeScope();
        step.Output.MoveToOuterDisposeScope();
        foreach (var term in step.Terms.Values)
            term.MoveToOuterDisposeScope();
        return step;
    }
}
