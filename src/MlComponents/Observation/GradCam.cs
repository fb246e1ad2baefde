namespace MlComponents;

/// <summary>
/// Shows where in a picture a network sees what it predicts: Grad-CAM (Selvaraju et al., arXiv 1610.02391).
/// </summary>
/// <remarks>
/// Of a layer's maps A, [K, U, V], and the score yᶜ of a class before the softmax it is <c>L = ReLU(Σₖ αₖ·Aₖ)</c> with <c>αₖ = mean over u, v of ∂yᶜ/∂Aₖ,ᵤᵥ</c> (equations 1 and 2).
/// L is interpolated bilinearly to the picture's size and divided by its largest value, so that 0 stays what doesn't speak for the class.
/// </remarks>
public static class GradCam
{
    /// <summary>Computes the maps of some pictures. While it runs the network must not be used elsewhere.</summary>
    /// <param name="network">
    /// A network from pictures to scores [N, C], or one logit [N, 1] or [N]. It runs in eval mode; its modes, its parameters' gradients and whether they need one are afterwards what they were,
    /// and a frozen network will do.
    /// </param>
    /// <param name="x">The pictures, float [N, channels, H, W], as the network takes them.</param>
    /// <param name="classes">The class that each map is of, [N], at least 0 and below C. Of one logit 1 is the class for which it speaks, 0 the other. Null: those that the network predicts.</param>
    /// <param name="layer">
    /// The layer whose maps they are, e.g. <c>layer4.*</c>: a name or a pattern, in which <c>*</c> stands for any characters. Of several the last that gives maps [N, K, U, V] with more than one position is
    /// taken; of all, as by default, that is the one nearest to the scores. One that is further from them shows more detail and less meaning.
    /// </param>
    /// <returns>The maps, in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">
    /// The shapes, the classes or the layer don't fit; the message says what does. Of a name that there isn't it has the nearest one.
    /// </exception>
    public static GradCamMaps Explain(nn.Module<Tensor, Tensor> network, Tensor x, IReadOnlyList<long>? classes = null, string layer = "*")
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() != 4 || x.shape[0] == 0 || !x.is_floating_point())
            throw new ArgumentException($"Grad-CAM explains pictures, float [N, channels, H, W] with at least one, but was given {x.dtype} {Shown.Shape(x.shape)}.", nameof(x));
        using var scope = NewDisposeScope();
        using var frozen = new FrozenNetwork(network);
        using var graph = enable_grad();
        using var observer = network.Observe(layer);

        var output = network.call(x.detach().requires_grad_());                                    // so that there is a graph without any of a weight
        var scores = Scores(output, x.shape[0]);                                                   // [N, C]
        var reader = new ClassReader("Grad-CAM", scores.shape[1], ignoreIndex: null);
        var label = Labels(classes, reader, scores);                                               // [N]
        var score = scores.shape[1] == 1 ? scores.squeeze(1) * (2 * label - 1) : scores.gather(1, label.unsqueeze(1)).squeeze(1);   // [N]
        var (name, call) = LastMaps(observer, layer, x.shape[0]);
        // Pictures don't speak to one another in eval mode: the gradient of the sum is each one's own.
        if (score.requires_grad)
            score.sum().backward();
        var gradient = call.Gradient ?? throw new ArgumentException(
            $"Grad-CAM needs the gradient of the scores with respect to the layer '{name}', but they don't depend on it, or the network computes without gradients: name another layer.", nameof(layer));

        return new GradCamMaps(
            Weigh(call.Activation!, gradient, x.shape[2], x.shape[3]).MoveToOuterDisposeScope(), scores.detach().MoveToOuterDisposeScope(), label.cpu().data<long>().ToArray(), name);
    }

    /// <summary>The last call that gave maps, and the name of its module.</summary>
    private static (string Name, ObservedCall Call) LastMaps(Observer observer, string layer, long pictures)
    {
        var call = observer.Calls.LastOrDefault(call => call.Activation!.shape is [var n, _, var height, var width] && n == pictures && height * width > 1);
        if (call is null)
            throw new ArgumentException(
                $"Grad-CAM needs a layer that gives maps [{pictures}, K, U, V] with more than one position, but '{layer}' "
                + $"{(observer.Calls is [.., var last] ? $"gives {Shown.Shape(last.Activation!.shape)}" : "isn't called")}: name one that does.", nameof(layer));
        return (observer.Modules.First(module => module.Calls.Contains(call)).Name, call);
    }

    /// <summary>The maps of a layer, weighted by their gradients, in a picture's size.</summary>
    /// <returns>[N, H, W], at least float32.</returns>
    private static Tensor Weigh(Tensor maps, Tensor gradient, long height, long width)
    {
        using var scope = NewDisposeScope();

        var weights = gradient.AtLeastFloat32().mean([2, 3], keepdim: true);                       // [N, K, 1, 1]
        var map = (weights * maps).sum(1, keepdim: true).relu();                                   // [N, 1, U, V]
        map = Resize.To(map, height, width, InterpolationMode.Bilinear).squeeze(1);                // [N, H, W]
        var largest = map.amax([1, 2], keepdim: true);                                             // [N, 1, 1]

        return (map / largest.masked_fill(largest.eq(0), 1)).MoveToOuterDisposeScope();             // [N, H, W]
    }

    private static Tensor Scores(Tensor output, long pictures)
    {
        if (output.dim() is not (1 or 2) || output.shape[0] != pictures)
            throw new ArgumentException($"Grad-CAM explains the classes of pictures, but the network gives {Shown.Shape(output.shape)} for {pictures} of them: it takes scores [{pictures}, C].");

        return output.reshape(pictures, -1);                                                       // [N, C]
    }

    private static Tensor Labels(IReadOnlyList<long>? classes, ClassReader reader, Tensor scores)
    {
        using var scope = NewDisposeScope();

        if (classes is null)
            return reader.Predictions(scores).flatten().MoveToOuterDisposeScope();                 // [N]
        if (classes.Count != scores.shape[0])
            throw new ArgumentException($"Grad-CAM was given {classes.Count} classes for {scores.shape[0]} pictures: give one for each.", nameof(classes));
        foreach (var index in classes.Where(index => index < 0 || index >= reader.Classes))
            throw new ArgumentException($"Grad-CAM was asked for the class {index}, but the network tells {reader.Classes} apart: give one from 0 to {reader.Classes - 1}.", nameof(classes));

        return tensor([.. classes], ScalarType.Int64, scores.device).MoveToOuterDisposeScope();    // [N]
    }
}
