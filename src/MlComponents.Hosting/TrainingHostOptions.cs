using System.ComponentModel.DataAnnotations;

namespace MlComponents.Hosting;

/// <summary>How a host runs its training jobs.</summary>
public sealed class TrainingHostOptions
{
    /// <summary>Folder in which every run gets a new one, <c>{job}/{UTC timestamp}</c>; relative to the current directory. Default: <c>runs</c>.</summary>
    [Required]
    public string OutputFolder { get; set; } = "runs";

    /// <summary>What a failed job does to the host. Default: <see cref="JobFailure.StopHost"/>.</summary>
    [EnumDataType(typeof(JobFailure))]
    public JobFailure OnFailure { get; set; } = JobFailure.StopHost;

    /// <summary>Whether the host stops when the last job is done, with exit code 1 if one failed. Default: false, it stays up.</summary>
    public bool StopWhenDone { get; set; }
}
