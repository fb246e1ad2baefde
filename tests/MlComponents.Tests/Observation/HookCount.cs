using System.Collections;
using System.Reflection;

namespace MlComponents.Tests.Observation;

/// <summary>Counts the hooks that modules have, where TorchSharp keeps them.</summary>
internal static class HookCount
{
    private static readonly string[] Fields = ["pre_hooks", "post_hooks", "module_pre_hooks", "module_post_hooks"];

    public static int Of(nn.Module network) => network.named_modules().Select(pair => pair.module).Append(network).Distinct().Sum(OfModule);

    private static int OfModule(nn.Module module)
    {
        for (var type = module.GetType(); type is not null; type = type.BaseType)
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(nn.HookableModule<,>))
                return Fields.Sum(field => ((ICollection)type.GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(module)!).Count);
        return 0;
    }
}
