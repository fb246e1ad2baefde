namespace MlComponents.Reporting;

/// <summary>The live <see cref="HtmlReport"/>.</summary>
internal sealed class HtmlReportCallback(HtmlReport options) : TrainingCallback
{
    private readonly List<string> warnings = [];
    private FindingsCollector? collector;   // of the validation that is going on
    private ValidationFindings? findings;   // of the last one that was whole
    private long started;
    private double secondsBefore;

    public override void OnTrainStart(TrainStart e)
    {
        started = options.Clock.GetTimestamp();
        var classes = e.Run.Objective.Outputs == 1 ? 2 : e.Run.Objective.Outputs;
        if (options.ClassNames.GroupBy(name => name).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw new ArgumentException($"HtmlReport has the class name '{twice.Key}' {twice.Count()} times: each class needs a name of its own.");
        if (options.ClassNames.Count > 0 && options.ClassNames.Count != classes)
            throw new ArgumentException($"HtmlReport has {options.ClassNames.Count} class names, but there are {classes} classes: give one per class, in the order of their numbers, or none.");
    }

    public override void OnValidationStart(ValidationStart e) => collector = new(options, e.Run.Objective);

    public override void OnValidationBatch(ValidationBatch e) => collector?.Add(e);

    public override void OnValidationEnd(ValidationEnd e)
    {
        findings = collector?.Finish(e.Epoch);
        collector = null;
    }

    public override void OnWarning(Warning e) => warnings.Add(e.Message);

    public override void OnReport(TrainEnd e)
    {
        if (!e.Run.WritesFiles)
            return;
        try
        {
            var page = new ReportPage(options, e.Run, e.Error, findings, warnings, Seconds).Write();
            AtomicFile.Write(options.Path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(page)));
        }
        catch (Exception error) when (error is not OutOfMemoryException)   // whatever it is, the run has done its work
        {
            e.Run.Warn($"The report '{options.Path}' could not be written: {error.Message}");
        }
    }

    public override void SaveState(ComponentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("findings", findings);
        state.Set("warnings", warnings);
        state.Set("seconds", Seconds);
    }

    public override void LoadState(ComponentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        findings = state.Get<ValidationFindings?>("findings");
        warnings.InsertRange(0, state.Get<List<string>>("warnings").Where(warning => !warnings.Contains(warning)).ToList());   // what is said at every start is said once
        secondsBefore = state.Get<double>("seconds");
    }

    private double Seconds => secondsBefore + options.Clock.GetElapsedTime(started).TotalSeconds;
}
