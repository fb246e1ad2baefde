namespace MlComponents.Tests.Weights;

[TestClass]
public sealed class RenamingRuleTests
{
    [TestMethod]
    [DataRow("module.", "", "module.conv.weight", "conv.weight")]
    [DataRow("module.", "", "conv.module.weight", "conv.module.weight")]
    [DataRow("module.", "", "Module.conv", "Module.conv")]
    [DataRow("backbone.", "body.", "backbone.backbone.x", "body.backbone.x")]
    public void RenamePrefix_ReplacesTheBeginningOnly(string prefix, string replacement, string name, string expected) =>
        Assert.AreEqual(expected, new RenamePrefix(prefix, replacement).Apply(name));

    [TestMethod]
    [DataRow(@"^layer(\d+)\.", "stages.$1.", "layer2.conv", "stages.2.conv")]
    [DataRow(@"^layer(\d+)\.", "stages.$1.", "head.layer2.conv", "head.layer2.conv")]
    [DataRow("o", "0", "foo", "f00")]
    [DataRow("(?<first>a)(b)", "$1${first}", "ab", "ba")]
    public void RenamePattern_ReplacesAllMatches(string pattern, string replacement, string name, string expected) =>
        Assert.AreEqual(expected, new RenamePattern(pattern, replacement).Apply(name));

    [TestMethod]
    public void RenamePattern_ThatIsNoRegularExpression_SaysSo()
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => new RenamePattern("(", "").Apply("x"));

        StringAssert.Contains(e.Message, "The renaming pattern '(' is no regular expression", StringComparison.Ordinal);
    }

    [TestMethod]
    public void RenamePattern_ThatTakesForEver_IsStopped()
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => new RenamePattern("^(a+)+$", "").Apply(new string('a', 40) + "!"));

        StringAssert.Contains(e.Message, "took more than 1 s", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Rules_AreData()
    {
        Assert.AreEqual(new RenamePrefix("a"), new RenamePrefix("a", ""));
        Assert.AreEqual(new RenamePattern("a", "b"), new RenamePattern("a", "b"));
    }
}
