namespace MlComponents;

/// <summary>The name under which <see cref="ComponentRegistry.AddAssembly"/> registers a definition record.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ComponentAttribute(string name) : Attribute
{
    /// <summary>Lower case letters and digits in words joined by hyphens, starting with a letter, e.g. <c>my-network</c>.</summary>
    public string Name { get; } = name;
}
