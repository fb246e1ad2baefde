namespace MlComponents;

/// <summary>Brings what metrics are given into one form, and says in a sentence where that can't be done.</summary>
internal static class MetricInput
{
    /// <summary>The numbers of a network with one output, [N, ...] or [N, 1, ...], in the shape of their targets, [N, ...].</summary>
    /// <param name="subject">Who takes them, e.g. <c>The metric 'mae'</c>.</param>
    /// <param name="output">Raw output of the network.</param>
    /// <param name="target">Labels of the batch.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor Numbers(string subject, Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = NewDisposeScope();

        var x = output.dim() == target.dim() + 1 && output.dim() > 1 && output.shape[1] == 1 ? output.squeeze(1) : output.alias();
        if (x.dim() == 0 || !x.shape.SequenceEqual(target.shape))   // libtorch would broadcast [N, 1] against [N]
            throw Mismatch(subject, output, target, "it takes one number per label, [N, ...] or [N, 1, ...] for labels [N, ...]");

        return x.MoveToOuterDisposeScope();                                                        // [N, ...]
    }

    /// <summary>The weight of each element: that of its example, or 1.</summary>
    /// <param name="subject">Who takes them, e.g. <c>The metric 'mae'</c>.</param>
    /// <param name="weight">Weight of each example, float [N], or null for all ones.</param>
    /// <param name="elements">A tensor with the elements' shape, [N, ...].</param>
    /// <returns>float64 [N, ...], a view that takes the memory of [N] or less.</returns>
    /// <exception cref="ArgumentException">There isn't one weight per example.</exception>
    public static Tensor Weights(string subject, Tensor? weight, Tensor elements)
    {
        using var scope = NewDisposeScope();

        if (weight is not null && (weight.dim() != 1 || weight.shape[0] != elements.shape[0]))
            throw new ArgumentException(
                $"{subject} was given weights of the shape {Shown.Shape(weight.shape)} for {elements.shape[0]} examples: give one weight per example, [{elements.shape[0]}].");
        var w = weight?.to(ScalarType.Float64) ?? ones([1], ScalarType.Float64, elements.device).expand(elements.shape[0]);    // [N]
        long[] inner = [.. Enumerable.Repeat(1L, (int)elements.dim() - 1)];

        return w.view([elements.shape[0], .. inner]).expand(elements.shape).MoveToOuterDisposeScope();                           // [N, ...]
    }

    /// <summary>The error of outputs and labels that don't fit together.</summary>
    /// <param name="subject">Who takes them, e.g. <c>The metric 'mae'</c>.</param>
    /// <param name="output">Raw output of the network.</param>
    /// <param name="target">Labels of the batch.</param>
    /// <param name="rule">What is allowed.</param>
    public static ArgumentException Mismatch(string subject, Tensor output, Tensor target, string rule) =>
        new($"{subject} can't compare outputs {Shown.Shape(output.shape)} with labels {Shown.Shape(target.shape)}: {rule}.");
}
