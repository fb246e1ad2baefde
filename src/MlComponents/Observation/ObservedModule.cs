namespace MlComponents;

/// <summary>A module that an <see cref="Observer"/> watches, and its calls in the last pass.</summary>
public sealed class ObservedModule
{
    private readonly List<ObservedCall> calls = [];

    internal ObservedModule(IReadOnlyList<string> names, nn.Module module) => (Names, Module) = (names, module);

    /// <summary>The first of its names.</summary>
    public string Name => Names[0];

    /// <summary>All its names: a module that stands in several places of a network has several.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The module itself.</summary>
    public nn.Module Module { get; }

    /// <summary>Its calls in the last pass, in their order; none before the first, or where the pass didn't reach it.</summary>
    public IReadOnlyList<ObservedCall> Calls => calls;

    /// <summary>Its output of the last call; null where there is none, or where it isn't kept.</summary>
    public Tensor? Activation => calls is [.., var last] ? last.Activation : null;

    /// <summary>The gradient of <see cref="Activation"/>; null before a backward pass reached it.</summary>
    public Tensor? Gradient => calls is [.., var last] ? last.Gradient : null;

    /// <summary>What the numbers of the last call's output are like; null where they weren't computed.</summary>
    public ActivationStatistics? Statistics => calls is [.., var last] ? last.Statistics : null;

    /// <summary>Its name and type, for messages.</summary>
    public override string ToString() => $"'{Name}', a {Module.GetType().Name},";

    internal void Add(ObservedCall call) => calls.Add(call);

    internal void Clear()
    {
        calls.ForEach(call => call.Dispose());
        calls.Clear();
    }
}
