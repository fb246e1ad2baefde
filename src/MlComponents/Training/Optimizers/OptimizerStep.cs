namespace MlComponents;

/// <summary>What one call of a kernel moves: parameters of one type, on one device, that learn alike and have been moved equally often.</summary>
/// <param name="Count">How many steps it is for them, from 1.</param>
/// <param name="Rate">Their learning rate.</param>
/// <param name="Decay">Their weight decay.</param>
/// <param name="Parameters">Those that have a gradient, at least one.</param>
/// <param name="Gradients">Their gradients, in the same order and layout.</param>
/// <param name="State">By kind of state, each in the same order.</param>
internal sealed record OptimizerStep(long Count, double Rate, double Decay, Tensor[] Parameters, Tensor[] Gradients, Tensor[][] State)
{
    /// <summary>How much of a running mean's weight is on gradients and not on the 0 that it began with: <c>1 − βᵗ</c>.</summary>
    public double Correction(double beta) => 1 - Math.Pow(beta, Count);
}
