using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MlComponents;

/// <summary>How a loader reads batches ahead. The batches are the same, bit for bit, and in the same order, whatever is chosen here.</summary>
public sealed record Prefetching
{
    /// <summary>Threads that read batches, side by side, while the network learns; 0: each batch is read when it is asked for. 0 to 256; default 0.</summary>
    [Range(0, 256)]
    public int Workers { get; init; }

    /// <summary>Batches that each worker may have read before they are asked for, which bounds the memory. At least 1; default 2.</summary>
    [Range(1, int.MaxValue)]
    public int BatchesPerWorker { get; init; } = 2;

    /// <summary>
    /// Whether the worker that read a batch for a CUDA device copies it into page-locked memory, so that its copy to the device runs beside the computation. For a CPU it does nothing. Default: false.
    /// </summary>
    public bool PinMemory { get; init; }

    /// <summary>
    /// Longest time that a batch is waited for; after it there is a <see cref="TimeoutException"/> that names the worker and its examples. Without workers, where the caller reads himself, it does
    /// nothing. Above 0; null, the default: for ever.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Called once in every worker, on its thread, with its number from 0, before it reads; without workers never. Default: nothing.</summary>
    [JsonIgnore]
    public Action<int>? WorkerStart { get; init; }

    /// <summary>Whether the workers stay between epochs, and end with the loader, which is to be disposed then. Default: false, each epoch has its own.</summary>
    public bool PersistentWorkers { get; init; }

    /// <summary>Longest time that reads which are going on when an epoch ends early are waited for; a thread that is stuck longer is left to itself. Default: 5 seconds.</summary>
    internal TimeSpan LeavingTime { get; init; } = TimeSpan.FromSeconds(5);
}
