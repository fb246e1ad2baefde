using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Gives the parameters of a network what their groups say.</summary>
internal static class GroupedParameters
{
    /// <summary>The parameters as an optimizer gets them, in their order.</summary>
    /// <param name="options">Groups, of which the first that means a parameter has it, and whether biases and norms decay without one that says so.</param>
    /// <param name="parameters">The parameters to train, by name.</param>
    /// <exception cref="ArgumentException">A group has no parameters.</exception>
    public static IReadOnlyList<NamedParameter> Of(TrainerOptions options, IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        var all = parameters.ToList();
        var groups = new Dictionary<string, ParameterGroup>();
        foreach (var group in options.ParameterGroups)
        {
            var before = groups.Count;
            foreach (var name in new NamePattern(group.Pattern).Choose(all.Select(parameter => parameter.Name), "parameters"))
                groups.TryAdd(name, group);
            if (groups.Count == before)
                throw new ArgumentException($"The parameter group '{group.Pattern}' has no parameters: the groups before it have all that it means. Put it before them, or leave it out.");
        }

        return [.. all.Select(parameter =>
        {
            var group = groups.GetValueOrDefault(parameter.Name);
            var exempt = !options.DecayBiasesAndNorms && parameter.Parameter.dim() <= 1;
            return new NamedParameter(parameter.Name, parameter.Parameter)
            {
                LearningRateFactor = group?.LearningRateFactor ?? 1,
                WeightDecay = group?.WeightDecay ?? (exempt ? 0 : null),
            };
        })];
    }
}
