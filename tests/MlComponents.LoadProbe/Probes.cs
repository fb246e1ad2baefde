using System.Runtime.InteropServices;
using MlComponents;

/// <summary>What else the tests ask for; apart from Main, whose own use of our assembly would register the loader.</summary>
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

    /// <summary>Prints the page faults of twenty blocks of 64 MiB, one after the other.</summary>
    public static unsafe void CountPageFaults()
    {
        var before = PageFaults();
        for (var i = 0; i < 20; i++)
        {
            var block = NativeMemory.Alloc(64 << 20);
            NativeMemory.Fill(block, 64 << 20, 1);
            NativeMemory.Free(block);
        }
        Console.WriteLine($"faults {PageFaults() - before}");
    }

    /// <summary>Prints whether elementary functions are prepared before a loader has workers, and on the first of them.</summary>
    public static void StartAWorker()
    {
        using var data = new TensorDataset(zeros(2, 1), zeros(2));
        using var loader = new DataLoader(data, new SequentialSampler(2), batchSize: 1, CPU) { Prefetching = new() { Workers = 1, WorkerStart = _ => Tell("worker") } };
        Tell("loader");
        foreach (var _ in loader.Epoch(1))
            break;
    }

    /// <summary>Prints whether elementary functions are prepared before a network is built, and then.</summary>
    public static void BuildANetwork()
    {
        Tell("definition");
        using var network = new Mlp().Build(NetworkContext.Of([2], 1));
        Tell("network");
    }

    private static void Tell(string of) => Console.WriteLine($"{of} {VectorMath.IsPrepared}");

    // The tenth field of /proc/self/stat, counted behind the name in brackets, which is the second.
    private static long PageFaults() => long.Parse(File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ')[8]);
}
