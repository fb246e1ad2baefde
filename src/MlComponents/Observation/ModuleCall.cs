namespace MlComponents;

/// <summary>A watched module has been called.</summary>
/// <param name="Module">The module.</param>
/// <param name="Inputs">What it was called with; tensors of the pass, valid until the handler returns.</param>
/// <param name="Output">What it returned; a tensor of the pass, valid until the handler returns.</param>
public readonly record struct ModuleCall(ObservedModule Module, IReadOnlyList<Tensor> Inputs, Tensor Output);
