namespace MlComponents.ResumeProbe;

/// <summary>
/// Where a process is to be killed: <c>early N</c> within step N, <c>step N</c> within it or in one of the steps that follow, <c>validation N</c> in the middle of the first
/// validation from step N on, <c>writing N</c> with a part of a file written, in the first checkpoint from step N on that is written.
/// </summary>
internal sealed class Moment(string kind, long step)
{
    private const int StepsAfter = 8;   // as many may follow before the kill, and no more, so that a busy machine doesn't skip the moments to come

    private long? announced;

    /// <summary>A step begins, has its gradients or is done: the process is killed while it goes on.</summary>
    public void InStep(long now)
    {
        WaitAt("early", now);
        if (kind != "step" || now < step)
            return;
        if (announced is null)
            Announce(now);
        else if (now >= announced + StepsAfter)
            WaitToBeKilled();
    }

    /// <summary>A validation batch is about to be read.</summary>
    public void InValidation(long now) => WaitAt("validation", now);

    /// <summary>A file of a checkpoint is half written.</summary>
    public void InWriting(long now) => WaitAt("writing", now);

    /// <summary>The run is over: whoever was to be killed doesn't end by itself.</summary>
    public void AtEnd()
    {
        if (announced is not null)
            WaitToBeKilled();
    }

    private void WaitAt(string here, long now)
    {
        if (kind != here || now < step)
            return;
        Announce(now);
        WaitToBeKilled();
    }

    private void Announce(long now)
    {
        announced = now;
        Console.WriteLine("here");
    }

    /// <summary>Until the one who was to kill it is gone.</summary>
    private static void WaitToBeKilled()
    {
        Console.In.ReadToEnd();
        Environment.Exit(1);
    }
}
