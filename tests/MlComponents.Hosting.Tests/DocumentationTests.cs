namespace MlComponents.Hosting.Tests;

[TestClass]
public sealed class DocumentationTests
{
    [TestMethod]
    public void EveryOption_NamesItsDefault()
    {
        var documentation = new OptionDocumentation(typeof(TrainingHostOptions).Assembly, everyType: true);

        Assert.IsGreaterThanOrEqualTo(8, documentation.Properties.Count);
        Assert.IsEmpty(documentation.WithoutDefault, $"the documentation doesn't name the default of {string.Join(", ", documentation.WithoutDefault)}");
    }
}
