using MlComponents.Documentation;
using MlComponents.Reporting;

namespace MlComponents.Tests.HouseRules;

[TestClass]
public sealed class ComponentsPageTests
{
    private static readonly ComponentRegistry Registry = ComponentRegistry.CreateBuiltIn().AddReporting();

    [TestMethod]
    public void ThePage_IsCurrent() => Assert.AreEqual(
        ComponentsPage.Render(Registry), File.ReadAllText(Path.Combine(Repository.Root, ComponentsPage.RelativePath)),
        "docs/COMPONENTS.md isn't what the registry and the doc comments say: dotnet run --project eng/ComponentsPage");

    [TestMethod]
    public void ThePage_ListsEveryComponentAndOption()
    {
        var lines = ComponentsPage.Render(Registry).Split('\n').ToHashSet();

        foreach (var type in Definitions.Registered)
        {
            var name = Registry.NameOf((ComponentDefinition)ComponentsPage.Default(type));
            Assert.Contains($"### {name}", lines);
            foreach (var option in ComponentsPage.Options(type))
                Assert.IsTrue(lines.Any(line => line.StartsWith($"| `{char.ToLowerInvariant(option.Name[0])}{option.Name[1..]}` | ", StringComparison.Ordinal) && !line.EndsWith("|  |", StringComparison.Ordinal)), $"{name}: {option.Name}");
        }
    }
}
