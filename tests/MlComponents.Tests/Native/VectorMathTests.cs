namespace MlComponents.Tests.Native;

// In processes of their own: a first call is made once in each.
[TestClass]
public sealed class VectorMathTests
{
    [TestMethod]
    [DataRow("workers", "loader False\nworker True\n")]
    [DataRow("network", "definition False\nnetwork True\n")]
    public async Task Prepare_BeforeThreadsOfOursOrAnyonesCanMakeTheFirstCallTogether_IsDone(string what, string told)
    {
        var outcome = await LoadProbe.RunAsync(LoadProbe.Folder, arguments: what);

        Assert.StartsWith(told, outcome.Output.ReplaceLineEndings("\n"), outcome.Error);
    }
}
