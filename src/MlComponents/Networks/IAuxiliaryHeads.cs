namespace MlComponents;

/// <summary>
/// A network with auxiliary heads, which are trained with the main one and left out of predictions. In train mode an <see cref="Objective"/> adds the
/// losses of all heads, and they are logged as <c>train/loss/main-head</c> and <c>train/loss/auxiliary-head-1</c>, 2, and so on; calling the module itself gives
/// the main head alone.
/// </summary>
public interface IAuxiliaryHeads
{
    /// <summary>How much the loss of each auxiliary head adds to that of the main one. At least 0; 1 unless a network says otherwise.</summary>
    double AuxiliaryWeight => 1;

    /// <summary>The outputs of all heads, the main one first, each as the loss takes it.</summary>
    /// <param name="x">A batch of inputs, [N, ...].</param>
    IReadOnlyList<Tensor> Heads(Tensor x);
}
