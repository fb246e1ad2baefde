namespace MlComponents;

/// <summary>Describes which training rows an epoch reads, and in which order, and builds the sampler for the rows of a run.</summary>
public abstract record SamplerDefinition : ComponentDefinition
{
    /// <summary>Builds the sampler.</summary>
    /// <param name="context">The rows of the run, and its seed.</param>
    /// <exception cref="ArgumentException">The rows can't be sampled so.</exception>
    /// <exception cref="InvalidDataException">A label or weight is none that it can be sampled by.</exception>
    public abstract Sampler Create(SamplerContext context);

    /// <summary>Whether it draws by the examples' weights, so that the loss must not count them a second time.</summary>
    internal virtual bool UsesWeights => false;

    /// <summary>A definition around a function. It has no name, so a model's file leaves it out.</summary>
    /// <param name="create">Builds the sampler for the rows of a run.</param>
    public static SamplerDefinition From(Func<SamplerContext, Sampler> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new LambdaSampler(create);
    }
}

/// <summary>The definition behind <see cref="SamplerDefinition.From"/>.</summary>
internal sealed record LambdaSampler(Func<SamplerContext, Sampler> Factory) : SamplerDefinition
{
    public override Sampler Create(SamplerContext context) =>
        Factory(context) ?? throw new InvalidOperationException("The sampler function returned null; it must return a sampler.");
}
