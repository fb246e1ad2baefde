namespace MlComponents;

/// <summary>One of the named terms that a loss adds up.</summary>
/// <param name="Name">Under which the term is logged.</param>
/// <param name="Weight">How much of the term is added.</param>
/// <param name="Loss">The term; it belongs to the loss that has it.</param>
public readonly record struct LossTerm(string Name, double Weight, Loss Loss);
