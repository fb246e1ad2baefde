namespace MlComponents;

/// <summary>The gradients of one step: those of the mean loss over all rows of its batches, however many these are, and in however small parts the device can take them.</summary>
internal sealed class BackwardPass : IDisposable
{
    private readonly TrainingRun run;
    private readonly Objective objective;
    private readonly Replicas replicas;
    private readonly PrecisionPolicy precision;
    private readonly GradientCheckpoints checkpoints;
    private long largestPart = long.MaxValue;
    private long rows;   // of the part that is being computed

    /// <param name="run">The run, whose network learns.</param>
    /// <param name="objective">What it learns.</param>
    /// <param name="precision">The numbers in which it computes.</param>
    /// <exception cref="ArgumentException"><see cref="TrainerOptions.CheckpointBlocks"/> or <see cref="TrainerOptions.DataParallelDevices"/> doesn't fit the network or this machine.</exception>
    public BackwardPass(TrainingRun run, Objective objective, PrecisionPolicy precision)
    {
        (this.run, this.objective, this.precision) = (run, objective, precision);
        replicas = Replicas.Of(run);
        checkpoints = new(replicas.Networks, run.Options.CheckpointBlocks, precision);
    }

    /// <summary>Adds the gradients, of the loss as <see cref="PrecisionPolicy.Scale"/> has it, to those that the parameters have.</summary>
    /// <param name="batches">The batches of the step, at least one.</param>
    /// <param name="before">What the step began with.</param>
    /// <param name="forgetGradients">Forgets all gradients, those of the step's parts that were computed before the device had no memory left.</param>
    /// <returns>The loss over all of them and its terms, in the caller's dispose scope.</returns>
    public ObjectiveStep Run(IReadOnlyList<Batch> batches, ForwardState before, Action forgetGradients)
    {
        while (true)
            try
            {
                return RunParts(batches);
            }
            catch (Exception e) when (run.Options.HalveBatchWhenOutOfMemory && rows > 1 && OutOfDeviceMemory.IsCause(e))
            {
                Halve();
                forgetGradients();
                replicas.ForgetGradients();
                before.Restore();
            }
    }

    /// <summary>Where in the network the numbers of a step stop being finite: it is computed once more, from what it began with.</summary>
    /// <returns>Null where all is finite this time, or where it can't be computed again.</returns>
    public ActivationFinding? FindNonFinite(IReadOnlyList<Batch> batches)
    {
        try
        {
            return ActivationDiagnosis.FindNonFinite(run.Network, batches, batch => precision.Forward(objective, run.Network, batch));
        }
#pragma warning disable CA1031 // Whatever it is, what is to be told is why the step failed.
        catch (Exception)
        {
            return null;
        }
#pragma warning restore CA1031
        finally
        {
            checkpoints.EndPass();
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
    private ObjectiveStep Run(Batch part, Share? share)
    {
        using var scope = NewDisposeScope();

        rows = part.Count;
        try
        {
            var step = Weighed(precision.Forward(objective, replicas.Module, part), share);
            precision.Scale(step.Loss).backward();
            checkpoints.ThrowIfFailed();

            return MoveToOuterScope(new(step.Loss.detach(), step.Output.detach()) { Terms = step.Terms.ToDictionary(term => term.Key, term => term.Value.detach()) });
        }
        finally
        {
            checkpoints.EndPass();
        }
    }

    /// <summary>A part's loss and terms as parts of those over all.</summary>
    private ObjectiveStep Weighed(ObjectiveStep step, Share? share)
    {
        if (share is null)
            return step;
        var loss = step.Loss * share.OfLoss;
        foreach (var (term, ofTerm) in share.OfTerms)
            loss = loss.Plus(ofTerm.Minus(share.OfLoss).Times(objective.Terms[term]) * step.Terms[term]);
        return step with { Loss = loss, Terms = step.Terms.ToDictionary(term => term.Key, term => term.Value * share.OfTerms.GetValueOrDefault(term.Key, share.OfLoss)) };
    }

    /// <summary>The share of each part in the loss over all of them, and in those of its terms in which other things count than in the first.</summary>
    private List<Share> Shares(IReadOnlyList<Batch> parts)
    {
        var ofLoss = Shares(parts, objective.Terms.Keys.FirstOrDefault());
        var ofTerms = objective.Terms.Keys.Skip(1).ToDictionary(term => term, term => Shares(parts, term));
        return [.. ofLoss.Select((share, i) => new Share(share, ofTerms.ToDictionary(term => term.Key, term => term.Value[i])))];
    }

    /// <summary>The share of each part in a mean over all of them is what counts in it; in a sum it is all.</summary>
    private Tensor[] Shares(IReadOnlyList<Batch> parts, string? term)
    {
        var weights = parts.Select(part => objective.Normalizer(part, term)).ToList();
        var all = weights.Aggregate((a, b) => a.Plus(b));
        return [.. weights.Select(weight => objective.IsSum ? ones_like(weight) : (weight / all).nan_to_num(0))];
    }

    private static ObjectiveStep Sum(ObjectiveStep a, ObjectiveStep b) => new(a.Loss.Plus(b.Loss), b.Output)
    {
        Terms = a.Terms.ToDictionary(term => term.Key, term => term.Value.Plus(b.Terms[term.Key])),
    };

    private static ObjectiveStep MoveToOuterScope(ObjectiveStep step)
    {
        step.Loss.MoveToOuterDisposeScope();
        step.Output.MoveToOuterDisposeScope();
        foreach (var term in step.Terms.Values)
            term.MoveToOuterDisposeScope();
        return step;
    }

    /// <summary>How much of the loss over all parts one of them is.</summary>
    /// <param name="OfLoss">Of the loss, and of what it has besides its terms.</param>
    /// <param name="OfTerms">Of its terms but the first, whose share is that of the loss.</param>
    private sealed record Share(Tensor OfLoss, IReadOnlyDictionary<string, Tensor> OfTerms);
}
