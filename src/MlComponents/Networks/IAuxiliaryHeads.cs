namespace MlComponents;

/// <summary>
/// A network with auxiliary heads, which are trained with the main one and left out of predictions. In train mode an <see cref="Objective"/> adds the
/// losses of all heads; calling the module itself gives the main head alone.
/// </summary>
public interface IAuxiliaryHeads
{
    /// <summary>The outputs of all heads, the main one first, each as the loss takes it.</summary>
    /// <param name="x">A batch of inputs, [N, ...].</param>
    IReadOnlyList<Tensor> Heads(Tensor x);
}
