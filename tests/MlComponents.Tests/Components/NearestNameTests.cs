namespace MlComponents.Tests.Components;

[TestClass]
public sealed class NearestNameTests
{
    [TestMethod]
    [DataRow("kitten", "sitting", 3)]
    [DataRow("", "abc", 3)]
    [DataRow("abc", "", 3)]
    [DataRow("flaw", "lawn", 2)]
    [DataRow("same", "same", 0)]
    public void Distance_OfKnownPairs_IsLevenshteins(string a, string b, int expected) => Assert.AreEqual(expected, NearestName.Distance(a, b));

    [TestMethod]
    [DataRow("mpl", "; did you mean 'mlp'?")]
    [DataRow("CROSS_ENTROPY", "; did you mean 'cross-entropy'?")]
    [DataRow("transformer", ".")]
    public void Hint_OfAName_IsTheNearestOrNothing(string name, string expected) =>
        Assert.AreEqual(expected, NearestName.Hint(name, ["mlp", "convnet", "cross-entropy"]));
}
