namespace MlComponents;

/// <summary>A problem with activations, and where it is.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="Module">Name of the module; null where it is the network itself, its input or the loss.</param>
/// <param name="Batch">Number of the batch, from 1, where it was first seen; null where it is about all of them.</param>
/// <param name="Sentence">The same for a user, with what to do.</param>
public sealed record ActivationFinding(ActivationProblem Problem, string? Module, int? Batch, string Sentence);
