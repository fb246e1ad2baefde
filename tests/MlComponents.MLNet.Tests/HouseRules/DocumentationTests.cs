namespace MlComponents.MLNet.Tests.HouseRules;

[TestClass]
public sealed class DocumentationTests
{
    private static readonly OptionDocumentation Documentation = new(typeof(TorchTrainerOptions).Assembly);

    [TestMethod]
    public void EveryOption_NamesItsDefault()
    {
        var missing = Documentation.WithoutDefault;

        CollectionAssert.Contains(Documentation.Properties.Select(OptionDocumentation.Name).ToArray(), "TorchTrainerOptions.ScoringBatchSize");
        Assert.IsEmpty(missing, $"the documentation doesn't name the default of {string.Join(", ", missing)}");
    }

    [TestMethod]
    public void EveryRange_IsTheOneInItsDocumentation()
    {
        var wrong = Documentation.WithoutBounds;

        Assert.IsEmpty(wrong, $"the documentation doesn't name the bounds of {string.Join(", ", wrong)}");
    }
}
