namespace MlComponents.Tests.Native;

// In processes of their own: what they set cannot be undone.
[TestClass]
public sealed class NativeAllocatorTests
{
    [TestMethod]
    [RequiresLinuxX64]
    public async Task KeepLargeBlocks_OnGlibc_SparesThePageFaultsOfLargeBlocks()
    {
        var plain = await LoadProbe.RunAsync(LoadProbe.Folder, arguments: "faults");
        var kept = await LoadProbe.RunAsync(LoadProbe.Folder, arguments: "keep");

        StringAssert.Contains(kept.Output, "kept True");
        Assert.IsLessThan(Faults(plain) / 4, Faults(kept), plain.Output + kept.Output);
    }

    private static long Faults(ChildProcess.Outcome outcome) =>
        long.Parse(outcome.Output.Trim().Split("faults ").Last());
}
