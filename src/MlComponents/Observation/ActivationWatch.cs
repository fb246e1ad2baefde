using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Watches passes of a network for what can go wrong with activations, until it is disposed.</summary>
internal sealed class ActivationWatch : IDisposable
{
    private readonly nn.Module network;
    private readonly ActivationLimits limits;
    private readonly Observer observer;
    private readonly List<NonFiniteTrace> passes = [];
    private readonly Dictionary<ObservedModule, ActivityMeter> meters = [];
    private readonly List<ObservedModule> order = [];
    private long examples;
    private Tensor? handedOn;
    private bool unitsAreLast;
    private bool isOver = true;

    /// <param name="network">The network.</param>
    /// <param name="modules">Which of its modules are watched.</param>
    /// <param name="limits">What is a problem.</param>
    public ActivationWatch(nn.Module network, IReadOnlyList<ObservedModule> modules, ActivationLimits limits)
    {
        (this.network, this.limits) = (network, limits);
        observer = new(network, modules, new() { Activations = false, Gradients = false });
        observer.PassBegan += Begin;
        observer.Called += See;
    }

    /// <summary>The network returned from a pass.</summary>
    /// <param name="output">Its output.</param>
    /// <param name="loss">The loss, where there is one.</param>
    public void End(Tensor output, Tensor? loss)
    {
        if (isOver)
            Begin([]);   // a network without watched modules
        passes[^1].End(output, loss);
        isOver = true;
    }

    /// <summary>What was seen so far; it waits for the device.</summary>
    public ActivationReport Report()
    {
        using var scope = NewDisposeScope();

        var modules = Activities();
        var nonFinite = passes.Select((pass, i) => pass.Find(i + 1)).FirstOrDefault(finding => finding is not null);
        var findings = modules.SelectMany(module => limits.Judge(module, examples));

        return new(examples, modules, [.. nonFinite is null ? findings : findings.Prepend(nonFinite)]);
    }

    public void Dispose()
    {
        observer.Dispose();
        passes.ForEach(pass => pass.Dispose());
        foreach (var meter in meters.Values)
            meter.Dispose();
    }

    private void Begin(IReadOnlyList<Tensor> inputs)
    {
        passes.Add(new(network, inputs));
        examples += inputs is [var first, ..] && first.dim() > 0 ? first.shape[0] : 1;
        (handedOn, unitsAreLast, isOver) = (null, false, false);
    }

    private void See(ModuleCall call)
    {
        if (isOver)
            Begin(call.Inputs);   // the network wasn't called itself, but its parts
        passes[^1].Add(call);
        unitsAreLast = call.Module.Module switch
        {
            Linear or Embedding => true,
            TorchSharp.Modules.Convolution => false,
            _ => unitsAreLast,
        };
        var isHandedOn = ReferenceEquals(handedOn, call.Output);
        handedOn = call.Output;
        if (isHandedOn || call.Output.numel() == 0 || IsLeftOut(call.Module.Module))
            return;
        if (!meters.TryGetValue(call.Module, out var meter))
        {
            meters[call.Module] = meter = new();
            order.Add(call.Module);
        }
        meter.Add(call.Output, unitsAreLast);
    }

    /// <summary>Dropout returns zeros on purpose, and an identity what another module returned.</summary>
    private static bool IsLeftOut(nn.Module module) => module is Identity or Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout;

    /// <summary>Reads all meters in one transfer.</summary>
    private List<ModuleActivity> Activities()
    {
        if (order.Count == 0)
            return [];
        var vectors = order.Select(module => meters[module].ToVector()).ToList();
        var numbers = cat([.. vectors.Select(vector => vector.to(vectors[0].device))]).cpu().data<double>().ToArray();
        var activities = new List<ModuleActivity>();
        var start = 0;
        foreach (var (module, vector) in order.Zip(vectors))
        {
            var end = start + (int)vector.numel();
            activities.Add(meters[module].Read(module, numbers[start..end]));
            start = end;
        }
        return activities;
    }
}
