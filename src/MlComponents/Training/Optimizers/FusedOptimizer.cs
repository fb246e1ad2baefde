using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// An optimizer whose step over all parameters is one call into libtorch, most of it in a kernel that reads and writes each number once; a step of Adam is 3 to 5 times as fast
/// as TorchSharp's.
/// </summary>
/// <remarks>
/// What a parameter without a gradient leaves behind fades by a factor per step until it is subnormal, and rounding keeps it there: a mean of gradients that decays by 0.9 is after 830 steps. On
/// processors that compute such numbers in microcode a step is then several times as slow, so they are set to 0 now and then. No weight can tell: they are below 1.2e-38.
/// </remarks>
internal abstract class FusedOptimizer : Optimizer
{
    private const int StepsBetweenFlushes = 100;

    private readonly string kind;
    private readonly string[] stateNames;
    private readonly OptimizerSlice[] slices;

    /// <param name="definition">Gives the learning rate, and the weight decay of parameters without one of their own.</param>
    /// <param name="parameters">Floating-point parameters, of which kernels take those together that are alike.</param>
    /// <param name="state">Names and creates each kind of state that a parameter has.</param>
    protected FusedOptimizer(OptimizerDefinition definition, IReadOnlyList<NamedParameter> parameters, params (string Name, Func<Parameter, Tensor> Create)[] state)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        foreach (var (name, parameter) in parameters)
            if (!parameter.is_floating_point())
                throw new ArgumentException($"The parameter '{name}' holds {parameter.dtype}; an optimizer moves floating-point numbers: leave it out.");
        if (parameters.CountBy(parameter => parameter.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"{parameters.Count(parameter => parameter.Name == twice)} parameters are called '{twice}'; each needs a name of its own.");

        kind = definition.GetType().Name;
        LearningRate = definition.LearningRate;
        stateNames = [.. state.Select(kind => kind.Name)];
        slices =
        [
            .. parameters
                .GroupBy(p => (p.Parameter.dtype, p.Parameter.device_type, p.Parameter.device_index, p.LearningRateFactor, WeightDecay: p.WeightDecay ?? definition.WeightDecay))
                .Select(alike => new OptimizerSlice(alike.Key.LearningRateFactor, alike.Key.WeightDecay, [.. alike.Select(p => p.Name)], [.. alike.Select(p => p.Parameter)],
                    Array.ConvertAll(state, kind => alike.Select(p => kind.Create(p.Parameter).DetachFromDisposeScope()).ToArray()))),
        ];
    }

    public sealed override void ZeroGradients()
    {
        foreach (var slice in slices)
            foreach (var parameter in slice.Parameters)
                parameter.grad = null;
    }

    public sealed override void Step()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        foreach (var slice in slices)
            foreach (var step in slice.Next(LearningRate))
            {
                Update(step);
                if (step.Count % StepsBetweenFlushes == 0)
                    FlushSubnormals(step);
            }
    }

    public sealed override void SaveState(ComponentState state)
    {
        ArgumentNullException.ThrowIfNull(state);

        var steps = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var slice in slices)
            for (var i = 0; i < slice.Names.Count; i++)
                steps[slice.Names[i]] = slice.Counts[i];

        state.Set("optimizer", kind);
        state.Set("steps", steps);
        foreach (var (name, tensor) in NamedState())
            state.Set(name, tensor);
    }

    public sealed override void LoadState(ComponentState state)
    {
        ArgumentNullException.ThrowIfNull(state);

        if (state.Get<string>("optimizer") is var saved && saved != kind)
            throw new InvalidDataException($"The state is that of the optimizer {saved}, and can't go on in {kind}: take the same optimizer.");
        var steps = state.Get<Dictionary<string, long>>("steps");
        var names = slices.SelectMany(slice => slice.Names).ToList();
        if (names.Except(steps.Keys).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
            throw new InvalidDataException($"The optimizer's state is that of other parameters: it has none of {Shown.Names(missing)}.");
        if (steps.Keys.Except(names).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unexpected)
            throw new InvalidDataException($"The optimizer's state is that of other parameters: it has {Shown.Names(unexpected)} too.");
        if (steps.FirstOrDefault(step => step.Value < 0) is { Key: { } damaged, Value: var count })
            throw new InvalidDataException($"The optimizer's state counts {count} steps of the parameter '{damaged}'; allowed is at least 0.");

        state.CopyTo(NamedState().ToDictionary());
        foreach (var slice in slices)
            for (var i = 0; i < slice.Names.Count; i++)
                slice.Counts[i] = steps[slice.Names[i]];
    }

    /// <summary>Moves parameters by their gradients.</summary>
    protected abstract void Update(OptimizerStep step);

    protected override void Dispose(bool disposing)
    {
        foreach (var (_, tensor) in NamedState())
            tensor.Dispose();
    }

    /// <summary>State that begins with zeros.</summary>
    protected static Tensor Zeros(Parameter parameter) => zeros_like(parameter);

    private static void FlushSubnormals(OptimizerStep step)
    {
        if (step.Parameters[0].device_type == DeviceType.CPU)   // GPUs aren't slower with them
            foreach (var kind in step.State)
                TensorLists.Call("flush", kind, finfo(step.Parameters[0].dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32).tiny);   // narrower types are computed in float32
    }

    private IEnumerable<KeyValuePair<string, Tensor>> NamedState() =>
        from slice in slices
        from kind in Enumerable.Range(0, stateNames.Length)
        from i in Enumerable.Range(0, slice.Names.Count)
        select KeyValuePair.Create($"{stateNames[kind]}.{slice.Names[i]}", slice.State[kind][i]);
}
