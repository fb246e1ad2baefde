namespace MlComponents;

/// <summary>Describes a network and builds it for given inputs and outputs.</summary>
public abstract record NetworkDefinition : ComponentDefinition
{
    /// <summary>
    /// Shape in which the network sees one example, without the batch dimension, e.g. <c>[1, 28, 28]</c>; a flat vector of as many
    /// numbers is viewed as it. Null, the default: the shape that the data has.
    /// </summary>
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<long>? InputShape { get; init; }

    /// <summary>The inputs that the network takes, in the order of its arguments, by their names in a <see cref="Batch"/>: <c>features</c> alone, unless a network says otherwise.</summary>
    public virtual IReadOnlyList<string> InputNames => [Batch.FeaturesName];

    /// <summary>Builds the network with freshly initialised weights.</summary>
    /// <param name="context">Shapes of one example of each input, number of outputs, device and dtype.</param>
    /// <returns>
    /// A module from a batch of inputs to raw scores. With one input it is a <c>Module&lt;Tensor, Tensor&gt;</c> from [N, ...InputShape] to
    /// [N, Outputs]. It may be built on any device.
    /// </returns>
    public abstract nn.Module Create(NetworkContext context);

    /// <summary>Builds the network on the context's device, as if outside of every dispose scope: all tensors that it holds live as long as it does.</summary>
    /// <param name="context">As for <see cref="Create"/>.</param>
    public nn.Module Build(NetworkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        VectorMath.Prepare();
        using var scope = NewDisposeScope();

        var network = Create(context).to(context.Device);
        if (context.DType != ScalarType.Float32)
            network.to(context.DType);   // of what was drawn in float32, so that a seed means the same weights
        scope.Detach(scope.DisposablesView.ToArray());   // TorchSharp's buffers() leaves those out that aren't saved

        return network;
    }

    /// <summary>What the network makes of examples of a shape, how many weights it has, and its modules: from one pass of a batch of one, which is remembered.</summary>
    /// <param name="inputShape">Shape of one example of the only input, without the batch.</param>
    /// <param name="outputs">Numbers per example that the network returns, at least 1.</param>
    /// <exception cref="ArgumentException">The network can't take such examples, or takes several inputs.</exception>
    public ModuleDescription Describe(long[] inputShape, long outputs) => Describe(NetworkContext.Of(inputShape, outputs));

    /// <inheritdoc cref="Describe(long[], long)"/>
    /// <param name="context">As for <see cref="Create"/>; the pass is made on the CPU.</param>
    public ModuleDescription Describe(NetworkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Validate();
        return NetworkDescriber.Describe(this, context);
    }

    /// <summary>The shape in which the network sees one example: its own <see cref="InputShape"/> where it declares one, else that of the data.</summary>
    /// <param name="actual">The data's shape, without the batch.</param>
    /// <exception cref="ArgumentException">The data have another one, and aren't flat vectors of as many numbers.</exception>
    internal long[] ShapeSeen(long[] actual)
    {
        if (InputShape is not { } declared)
            return actual;

        long[] shape = [.. declared];
        var fits = actual.Length == 1 ? LayerShapes.Size(shape) == actual[0] : shape.SequenceEqual(actual);
        return fits ? shape : throw new ArgumentException(
            $"The network takes examples of shape {Shown.Shape(shape)}, but the data has {Shown.Shape(actual)}: change InputShape or the features.");
    }

    /// <summary>A definition around a function. It trains and scores; it has no name, so it can't be saved.</summary>
    /// <param name="create">Builds a new module at every call; never the same instance twice.</param>
    public static NetworkDefinition From(Func<NetworkContext, nn.Module> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new LambdaNetwork(create);
    }
}

/// <summary>The definition behind <see cref="NetworkDefinition.From"/>.</summary>
internal sealed record LambdaNetwork(Func<NetworkContext, nn.Module> Factory) : NetworkDefinition
{
    public override nn.Module Create(NetworkContext context) =>
        Factory(context) ?? throw new InvalidOperationException("The network function returned null; it must return a new module.");
}
