namespace MlComponents.Hosting;

/// <summary>What a failed job does to the host. It is logged in any case.</summary>
public enum JobFailure
{
    /// <summary>Stops the host, with the process's exit code 1; later jobs are not run. As the host itself does for a failed background service.</summary>
    StopHost,

    /// <summary>Goes on with the next job.</summary>
    Continue,
}
