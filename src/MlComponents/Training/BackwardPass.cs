using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>The gradients of one step: those of the mean loss over all rows of its batches, however many these are.</summary>
internal sealed class BackwardPass(nn.Module network, Objective objective)
{
    /// <summary>Adds the gradients to those that the parameters have.</summary>
    /// <param name="batches">The batches of the step, at least one.</param>
    /// <returns>The loss over all of them and its terms, in the caller's dispose scope.</returns>
    public ObjectiveStep Run(IReadOnlyList<Batch> batches)
    {
        try
        {
            return batches is [var only] ? Run(only) : RunAll(batches);
        }
        catch (ExternalException e) when (e.Message.Contains("Expected more than 1 value per channel", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                "A batch norm can't learn from a batch of a single row: set DropLast, or choose a BatchSize that leaves no such batch at an epoch's end.", e);
        }
    }

    private ObjectiveStep Run(Batch batch)
    {
        var step = objective.Step(network, batch);
        step.Loss.backward();
        return step;
    }

    private ObjectiveStep RunAll(IReadOnlyList<Batch> batches)
    {
        using var scope = NewDisposeScope();

        var shares = Shares(batches);
        var total = Run(batches[0], shares[0]);
        for (var i = 1; i < batches.Count; i++)
            total = Sum(total, Run(batches[i], shares[i]));

        total.Loss.MoveToOuterDisposeScope();
        total.Output.MoveToOuterDisposeScope();
        foreach (var term in total.Terms.Values)
            term.MoveToOuterDisposeScope();
        return total;
    }

    /// <summary>One batch's part of the step.</summary>
    private ObjectiveStep Run(Batch batch, Tensor share)
    {
        using var scope = NewDisposeScope();

        var step = objective.Step(network, batch);
        (step.Loss * share).backward();

        return new(Part(step.Loss), step.Output.detach().MoveToOuterDisposeScope()) { Terms = step.Terms.ToDictionary(term => term.Key, term => Part(term.Value)) };

        Tensor Part(Tensor value) => (value.detach() * share).MoveToOuterDisposeScope();
    }

    /// <summary>The share of each batch in the loss over all of them: of a mean what counts in it, of a sum all.</summary>
    private Tensor[] Shares(IReadOnlyList<Batch> batches)
    {
        var term = objective.Terms.Keys.FirstOrDefault();
        var weights = batches.Select(batch => objective.Normalizer(batch, term)).ToList();
        var all = weights.Aggregate((a, b) => a + b);
        return [.. weights.Select(weight => objective.IsSum ? ones_like(weight) : where(all == 0, 0.0, weight / all))];
    }

    private static ObjectiveStep Sum(ObjectiveStep a, ObjectiveStep b) => new(a.Loss + b.Loss, b.Output)
    {
        Terms = a.Terms.ToDictionary(term => term.Key, term => term.Value + b.Terms[term.Key]),
    };
}
