namespace MlComponents;

/// <summary>Where in some pictures a network sees a class, by <see cref="GradCam"/>. The tensors belong to the caller's dispose scope.</summary>
/// <param name="Maps">How much each pixel speaks for the class: 0 to 1, the largest of each picture 1; all 0 where nothing speaks for it. [N, H, W], float32, or float64 of such a network.</param>
/// <param name="Scores">What the network gave: scores [N, C], or logits [N, 1].</param>
/// <param name="Classes">The class that each map is of, [N].</param>
/// <param name="Layer">Name of the layer whose maps they are.</param>
public sealed record GradCamMaps(Tensor Maps, Tensor Scores, IReadOnlyList<long> Classes, string Layer);
