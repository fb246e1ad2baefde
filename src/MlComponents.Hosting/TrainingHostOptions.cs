using System.ComponentModel.DataAnnotations;

namespace MlComponents.Hosting;

/// <summary>How a host runs its training jobs.</summary>
public sealed class TrainingHostOptions
{
    /// <summary>Folder in which every run gets a new one, <c>{job}/{UTC timestamp}</c>; relative to the current directory. Default: <c>runs</c>.</summary>
    [Required]
    public string OutputFolder { get; set; } = "runs";

    /// <summary>
    /// Whether each run is written for TensorBoard, into the folder <c>tensorboard</c> of its own: show all of them by <c>tensorboard --logdir runs</c>. What can't be written, as on a full disk, is a
    /// warning, and the run goes on. Default: true.
    /// </summary>
    public bool TensorBoard { get; set; } = true;

    /// <summary>Threads that read batches ahead, in place of what each job's trainer says; the model is the same for any number. 0 to 256; null, the default: as the trainer says.</summary>
    [Range(0, 256)]
    public int? Workers { get; set; }

    /// <summary>Bytes of memory that rows may take, in place of what each job's trainer says. At least 1,048,576; null, the default: as the trainer says.</summary>
    [Range(1 << 20, double.MaxValue)]
    public long? MemoryBudget { get; set; }

    /// <summary>What a failed job does to the host. Default: <see cref="JobFailure.StopHost"/>.</summary>
    [EnumDataType(typeof(JobFailure))]
    public JobFailure OnFailure { get; set; } = JobFailure.StopHost;

    /// <summary>Whether the host stops when the last job is done, with exit code 1 if one failed. Default: false, it stays up.</summary>
    public bool StopWhenDone { get; set; }
}
