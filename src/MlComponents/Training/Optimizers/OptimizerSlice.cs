using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Parameters of one type, on one device, with one learning rate and one weight decay; each counts its own steps.</summary>
/// <param name="factor">What the learning rate is multiplied by.</param>
/// <param name="decay">The weight decay.</param>
/// <param name="names">The parameters' names.</param>
/// <param name="parameters">The parameters, in the same order.</param>
/// <param name="state">By kind of state, each in the same order.</param>
internal sealed class OptimizerSlice(double factor, double decay, string[] names, Parameter[] parameters, Tensor[][] state)
{
    private readonly long[] counts = new long[parameters.Length];

    /// <summary>The parameters' names.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>By kind of state, each in the parameters' order.</summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> State => state;

    /// <summary>How often each parameter was moved.</summary>
    public Span<long> Counts => counts;

    /// <summary>Counts a step of the parameters that have a gradient; nearly always it is one and the same for all of them.</summary>
    public IEnumerable<OptimizerStep> Next(double learningRate)
    {
        var gradients = Array.ConvertAll(parameters, Gradient);
        int[] present = [.. Enumerable.Range(0, gradients.Length).Where(i => gradients[i] is not null)];
        foreach (var i in present)
            counts[i]++;

        if (present.Length == gradients.Length && !counts.AsSpan().ContainsAnyExcept(counts[0]))
            return [new(counts[0], factor * learningRate, decay, parameters, gradients!, state)];

        return present.GroupBy(i => counts[i]).Select(group => new OptimizerStep(
            group.Key, factor * learningRate, decay, Pick(parameters, group), Pick(gradients, group), Array.ConvertAll(state, kind => Pick(kind, group))));
    }

    /// <summary>A parameter's gradient in the parameter's own layout, as kernels read both in the order in which they lie in memory.</summary>
    private static Tensor? Gradient(Parameter parameter)
    {
        var gradient = parameter.grad;
        if (gradient is null || (!gradient.is_sparse && gradient.is_contiguous() && parameter.is_contiguous()))
            return gradient;
        return empty_like(parameter).copy_(gradient.is_sparse ? gradient.to_dense() : gradient);
    }

    private static Tensor[] Pick(Tensor?[] tensors, IEnumerable<int> indices) => [.. indices.Select(i => tensors[i]!)];
}
