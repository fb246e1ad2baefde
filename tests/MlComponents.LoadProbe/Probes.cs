using MlComponents;

/// <summary>What the tests ask this application to do besides. Apart from Main, whose own use of our assembly would register the loader.</summary>
internal static class Probes
{
    /// <summary>Exits with 3 and the message if TorchSharp's library doesn't load.</summary>
    public static void EnsureLoaded()
    {
        try
        {
            NativeLibraries.EnsureLoaded();
        }
        catch (DllNotFoundException e)
        {
            Console.WriteLine(e.Message);
            Environment.Exit(3);
        }
    }

    public static void KeepLargeBlocks() => Console.WriteLine($"kept {NativeAllocator.KeepLargeBlocks()}");

    /// <summary>Prints the page faults of twenty tensors of 64 MiB, one after the other.</summary>
    public static void CountPageFaults()
    {
        ones(16 << 20).Dispose();
        var before = PageFaults();
        for (var i = 0; i < 20; i++)
            ones(16 << 20).Dispose();

        Console.WriteLine($"faults {PageFaults() - before}");
    }

    // The tenth field of /proc/self/stat, counted behind the name in brackets, which is the second.
    private static long PageFaults() => long.Parse(File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ')[8]);
}
