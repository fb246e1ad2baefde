using System.Reflection;
using TorchSharp.Modules;

namespace MlComponents.Tests.HouseRules;

/// <summary>Finds what a module holds in its fields but doesn't train, move and save, because it never registered it.</summary>
internal static class ModuleRegistration
{
    /// <summary>The fields of a module, those of its base types included, that hold an unregistered parameter, module or buffer.</summary>
    public static IEnumerable<string> Unregistered(nn.Module module)
    {
        var parameters = module.named_parameters(recurse: false).Select(pair => (object)pair.parameter);
        var registered = parameters.Concat(module.named_children().Select(pair => (object)pair.module))
            .Concat(module.named_buffers(recurse: false).Select(pair => (object)pair.buffer))
            .ToHashSet(ReferenceEqualityComparer.Instance);
        return Fields(module.GetType())
            .Select(field => (field.Name, Value: field.GetValue(module)))
            .Where(field => Holdings(field.Value).Any(value => !registered.Contains(value)))
            .Select(field => $"{module.GetType().Name}.{field.Name}");
    }

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (; type.Assembly != typeof(nn.Module).Assembly; type = type.BaseType!)
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return field;
    }

    /// <summary>A tensor or a module itself, or those in a list, which a module can't see into unless the list is a module too.</summary>
    private static IEnumerable<object> Holdings(object? value) => value switch
    {
        Tensor or nn.Module => [value],
        IEnumerable<object> list => list.Where(element => element is Tensor or nn.Module),
        _ => [],
    };
}
