namespace MlComponents;

/// <summary>What <see cref="ActivationDiagnosis"/> has seen.</summary>
/// <param name="Examples">How many examples went through the network.</param>
/// <param name="Modules">Each module that was reached, in the order of the pass; one that hands on what another returned, as a list of layers does, is left out.</param>
/// <param name="Findings">What is wrong; a number that isn't finite comes first.</param>
public sealed record ActivationReport(long Examples, IReadOnlyList<ModuleActivity> Modules, IReadOnlyList<ActivationFinding> Findings);
