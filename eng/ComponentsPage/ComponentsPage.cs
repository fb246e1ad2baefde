using System.Reflection;
using System.Text;

namespace MlComponents.Documentation;

/// <summary>The page that lists every component of a registry with its options, from the records and their doc comments.</summary>
internal static class ComponentsPage
{
    public const string RelativePath = "docs/COMPONENTS.md";

    private static readonly (Type Kind, string Title)[] Kinds =
    [
        (typeof(NetworkDefinition), "Networks"), (typeof(LayerDefinition), "Layers"), (typeof(LossDefinition), "Losses"), (typeof(MetricDefinition), "Metrics"),
        (typeof(OperationDefinition), "Operations on tensors"), (typeof(AugmentationDefinition), "Augmentations"), (typeof(SamplerDefinition), "Samplers"), (typeof(OptimizerDefinition), "Optimizers"),
        (typeof(ScheduleDefinition), "Schedules"), (typeof(WeightAverageDefinition), "Averages of the weights"), (typeof(CallbackDefinition), "Callbacks"),
    ];

    /// <summary>The page as Markdown, with line feeds.</summary>
    public static string Render(ComponentRegistry registry)
    {
        var page = new StringBuilder();
        page.Append("""
            # Components

            Every built-in component by the name that it has in JSON, with its options: the key, what it is by default, what is allowed, what it means. In C# it is the
            record of the same properties, `new AdamW { LearningRate = 1e-3 }`; in JSON the object `{ "name": "adamw", "learningRate": 0.001 }`, or the bare name. Keys that are
            left out keep their defaults.

            <!-- Generated: dotnet run --project eng/ComponentsPage -->


            """.ReplaceLineEndings("\n"));
        var groups = Kinds.Select(kind => (kind.Title, Components: ComponentsOf(registry, kind.Kind))).Where(group => group.Components.Count > 0).ToList();
        foreach (var (title, components) in groups)
            page.Append($"- [{title}](#{title.ToLowerInvariant().Replace(' ', '-')}): {string.Join(", ", components.Select(component => $"`{component.Name}`"))}\n");
        foreach (var (title, components) in groups)
        {
            page.Append($"\n## {title}\n");
            foreach (var component in components)
                page.Append('\n').Append(component.Render(registry));
        }
        return page.ToString();
    }

    private static List<ComponentSection> ComponentsOf(ComponentRegistry registry, Type kind)
    {
        var names = registry.Names(kind).Select(name => (Name: name, Found: registry.Find(kind, name))).ToList();
        return [.. names.Where(entry => entry.Found.Preset is null)
            .Select(entry => new ComponentSection(entry.Name, entry.Found.Type, [.. names.Where(other => other.Found.Preset is not null && other.Found.Type == entry.Found.Type).Select(other => (other.Name, other.Found.Preset!))]))];
    }

    /// <summary>An instance with all defaults; positional parameters have theirs.</summary>
    internal static object Default(Type type)
    {
        var constructor = type.GetConstructors().MinBy(constructor => constructor.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    internal static IEnumerable<PropertyInfo> Options(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite && !property.IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute)))
        .OrderBy(property => property.DeclaringType == type ? 0 : 1).ThenBy(property => property.MetadataToken);
}
