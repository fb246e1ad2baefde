if (args is ["workers"])
    Probes.StartAWorker();
if (args is ["network"])
    Probes.BuildANetwork();
if (args is ["ensure"])
    Probes.EnsureLoaded();
if (args is ["keep"])
    Probes.KeepLargeBlocks();

Console.WriteLine($"sum {ones(3).sum().item<float>()}");

if (args is ["keep"] or ["faults"])
    Probes.CountPageFaults();
