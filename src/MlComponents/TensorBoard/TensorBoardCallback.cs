namespace MlComponents;

/// <summary>The live <see cref="TensorBoard"/>.</summary>
internal sealed class TensorBoardCallback(TensorBoard options) : TrainingCallback
{
    private const string Train = "train";
    private const string Validation = "validation";

    private readonly SortedDictionary<string, TensorBoardWriter> writers = new(StringComparer.Ordinal);   // by the run's name below the folder
    private long firstStep;
    private long dueStep;
    private long rows;
    private double seconds;
    private ValidationCurves? curves;
    private ValidationExamples? examples;
    private bool isOff;

    public override void OnTrainStart(TrainStart e)
    {
        var run = e.Run;
        isOff = !run.WritesFiles;
        if (isOff)
            return;
        firstStep = run.ResumedFromStep is { } done ? done + 1 : 0;
        var root = Writer("", firstStep);
        if (run.ResumedFromStep is null || root.IsFirst)
            Describe(run, root);
        if (run.ValidationRows > 0 && options.PrecisionRecall)
            curves = ValidationCurves.Of(run.Objective);
        if (run.ValidationRows > 0 && options.Images > 0)
            examples = new(run.Objective, options.Images);
    }

    public override void OnStepEnd(StepEnd e)
    {
        rows += e.Rows;
        seconds += (e.Duration + e.DataWait).TotalSeconds;
        if (isOff || e.Loss is not { } loss || e.Step < dueStep)
            return;
        var train = Writer(Train, e.Step);
        train.Scalar("step/loss", loss, e.Step);
        train.Scalar("step/learning-rate", e.LearningRate, e.Step);
        if (e.GradientNorm is { } norm)
            train.Scalar("step/gradient-norm", norm, e.Step);
        train.Scalar("step/samples-per-second", rows / Math.Max(seconds, 1e-9), e.Step);
        (rows, seconds, dueStep) = (0, 0, e.Step + options.ScalarEvery);
        Watch(e.Run);
    }

    public override void OnValidationStart(ValidationStart e)
    {
        curves?.Clear();
        examples?.Clear();
    }

    public override void OnValidationBatch(ValidationBatch e)
    {
        if (isOff)
            return;
        curves?.Add(e.Batch, e.Output);
        examples?.Add(e.Batch, e.Output);
    }

    public override void OnValidationEnd(ValidationEnd e)
    {
        if (isOff)
            return;
        Write(e.Run, e.Metrics.Select(metric => (metric.Key, metric.Value.Value)));
        curves?.Write(Writer(Validation, e.Run.Step), e.Run.Step);
        examples?.Write(Writer(Validation, e.Run.Step), e.Run.Step);
        Watch(e.Run);
    }

    public override void OnEpochEnd(EpochEnd e)
    {
        if (isOff)
            return;
        Write(e.Run, e.Row.Metrics.Where(metric => !e.Run.ValidationMetrics.Contains(metric.Key)).Select(metric => (metric.Key, metric.Value)));
        if (options.HistogramEvery > 0 && e.Row.Epoch % options.HistogramEvery == 0)
            WriteHistograms(e.Run);
        Watch(e.Run);
    }

    public override void OnTrainEnd(TrainEnd e)
    {
        if (!isOff && options.HyperParameters && !e.Run.IsInterrupted)   // one that was interrupted may go on
            Writer("", firstStep).EndSession(succeeded: e.Error is null);
        foreach (var writer in writers.Values)
            writer.Dispose();
        curves?.Dispose();
        examples?.Clear();
        Watch(e.Run);
        if (!isOff)
            Export(e.Run);
    }

    /// <summary>What is of the steps up to a checkpoint is on the disk before it: a run that goes on from there doesn't write it again.</summary>
    public override void SaveState(ComponentState state)
    {
        foreach (var writer in writers.Values)
            writer.Flush();
        state.Set("dueStep", dueStep);
        state.Set("areExamplesShown", examples?.AreShown ?? false);
    }

    public override void LoadState(ComponentState state)
    {
        dueStep = state.Get<long>("dueStep");
        if (examples is not null)
            examples.AreShown = state.Get<bool>("areExamplesShown");
    }

    /// <param name="run">Name of the curve's folder; empty for the run itself.</param>
    /// <param name="step">The step of what is going to be written.</param>
    private TensorBoardWriter Writer(string run, long step)
    {
        if (!writers.TryGetValue(run, out var writer))
            writers[run] = writer = new(Path.Combine(options.Folder, run), Math.Min(firstStep, step), options.FlushSeconds, options.Clock, options.Open);   // a report that failed is repeated at its step
        return writer;
    }

    /// <summary>Writes what is known before the first step.</summary>
    private void Describe(TrainingRun run, TensorBoardWriter writer)
    {
        writer.Text("options", OptionValues.Markdown(run), step: 0);
        if (options.HyperParameters)
            writer.HyperParameters(OptionValues.Of(run), [MetricNames.TrainLoss, .. run.ValidationMetrics.Select(metric => string.Join('/', Place(run, metric)))]);
        if (!options.Graph)
            return;
        try
        {
            writer.Graph(run.Definition, run.Context);
        }
        catch (Exception e) when (e is not OutOfMemoryException)   // a network is anybody's code, and may not take zeros
        {
            run.Warn($"The network's graph isn't drawn for TensorBoard: {e.Message}");
        }
    }

    private void Write(TrainingRun run, IEnumerable<(string Name, double Value)> metrics)
    {
        foreach (var (name, value) in metrics)
        {
            var (curve, tag) = Place(run, name) is [var first, var rest] ? (first, rest) : ("", name);
            Writer(curve, run.Step).Scalar(tag, value, run.Step);
        }
    }

    /// <summary>The run and the tag of a metric: <c>validation/loss</c> is <c>loss</c> of <c>validation</c>, <c>validation/ema/loss</c> is <c>loss</c> of <c>ema</c>.</summary>
    private static string[] Place(TrainingRun run, string metric) =>
        (run.Options.Average is { } average && MetricNames.IsOfAverage(average.MetricPrefix, metric) ? metric[(Validation.Length + 1)..] : metric).Split('/', 2);

    private void WriteHistograms(TrainingRun run)
    {
        using var scope = NewDisposeScope();   // of what holds the gradients

        var train = Writer(Train, run.Step);
        foreach (var (name, parameter) in run.Network.named_parameters())
        {
            train.Histogram($"weights/{name}", parameter, run.Step);
            if (parameter.grad is { } gradient)
                train.Histogram($"gradients/{name}", gradient, run.Step);
        }
    }

    /// <summary>Warns where a disk has failed, once, and writes nothing from then on.</summary>
    private void Watch(TrainingRun run)
    {
        if (isOff || writers.Values.FirstOrDefault(writer => writer.Error is not null) is not { } failed)
            return;
        isOff = true;
        run.Warn($"TensorBoard's files in {failed.Folder} can't be written any more, and the run goes on without: {failed.Error!.Message}");
    }

    private void Export(TrainingRun run)
    {
        try
        {
            TensorBoardScalars.Save(options.Folder, Path.Combine(options.Folder, TensorBoardScalars.FileName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            run.Warn($"The scalars of {options.Folder} can't be exported: {e.Message}");
        }
    }
}
