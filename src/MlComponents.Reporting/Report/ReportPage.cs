using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlComponents.Reporting;

/// <summary>The report of a run as HTML.</summary>
internal sealed class ReportPage(HtmlReport options, TrainingRun run, Exception? error, ValidationFindings? findings, IReadOnlyList<string> warnings, double seconds)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HtmlWriter html = new(options.Title ?? $"Training of {NetworkName(run.Definition)}");

    /// <summary>The whole page.</summary>
    public string Write()
    {
        WriteSummary();
        WriteCurves();
        if (findings is not null)
            WriteFindings(findings);
        WriteNetwork();
        html.Section("Options");
        html.Lines(Options());
        html.Section("Warnings");
        if (warnings.Count == 0)
            html.Paragraph("There were none.");
        else
            html.List(warnings);
        WriteEnvironment();
        return html.Finish();
    }

    private void WriteSummary()
    {
        html.Section("Summary");
        if (error is not null)
            html.Paragraph($"The run failed: {error.Message}", isNote: true);
        else if (run.StopReason is { } reason)
            html.Paragraph($"The run was stopped: {reason}", isNote: true);
        List<IReadOnlyList<HtmlCell>> rows =
        [
            ["network", NetworkName(run.Definition)], ["seed", run.Seed.ToString(CultureInfo.InvariantCulture)], ["training rows", Number(run.TrainingRows)], ["validation rows", Number(run.ValidationRows)],
            ["epochs", $"{run.History.Select(row => row.Epoch).DefaultIfEmpty(0).Max()} of {run.Epochs}"], ["optimizer steps", $"{Number(run.Step)} of {Number(run.TotalSteps)}"],
            ["time", Time(seconds)], ["device", run.Context.Device.ToString()],
        ];
        if (run.ResumedFromStep is { } step)
            rows.Add(["resumed from step", Number(step)]);
        html.Table("The run", ["what", "value"], rows);

        if (run.History.Count > 0 && run.ValidationMetrics.Any())
            html.Table("Validation", ["metric", "best", "in epoch", "last"], run.ValidationMetrics.Select(MetricRow));
    }

    private IReadOnlyList<HtmlCell> MetricRow(string metric)
    {
        var direction = run.DirectionOf(metric);
        var rows = run.History.Where(row => row.Metrics.ContainsKey(metric)).ToList();
        if (rows.Count == 0)
            return [metric, "", "", ""];
        var best = rows.Aggregate((a, b) => direction.IsBetter(b.Metrics[metric], a.Metrics[metric]) ? b : a);
        return [metric, Number(best.Metrics[metric]), Number(best.Epoch), Number(rows[^1].Metrics[metric])];
    }

    private void WriteCurves()
    {
        html.Section("Curves");
        if (run.History.Count == 0)
        {
            html.Paragraph("No epoch ended.");
            return;
        }
        var families = MetricFamily.Of(run.History, metric => run.ValidationMetrics.Contains(metric) ? run.DirectionOf(metric) : MetricDirection.Falls);
        foreach (var (family, model) in families.Zip(HistoryPlot.Models(run.History, families)))
            html.Plot(model, HistoryPlot.PanelHeight, $"{family.Name} over the run: {string.Join(", ", family.Curves.Select(curve => $"{curve.Name}, last {Number(curve.Values[^1])}"))}. {model.Subtitle}");
    }

    private void WriteFindings(ValidationFindings last)
    {
        html.Section("Predictions");
        html.Paragraph($"Of the validation in epoch {last.Epoch}, {Number(last.Rows)} rows{(last.IsWeighted && last.Classes > 0 ? ", which count by their weights" : "")}.");
        if (last.Confusion is { } counts)
        {
            var classes = Enumerable.Range(0, counts.Count).Select(ClassName).ToList();
            var model = ConfusionMatrixPlot.Model(counts, classes);
            html.Plot(model, ConfusionMatrixPlot.Height, $"Confusion matrix of {classes.Count} classes: {model.Subtitle}");
            if (Curves(last) is { Count: > 0 } curves)
            {
                var plot = PrecisionRecallPlot.Model(curves);
                html.Plot(plot, PlotFile.Height, $"Precision over recall: {plot.Subtitle}");
            }
        }
        else if (last.Numbers is { } numbers && numbers.Any(pair => double.IsFinite(pair.True) && double.IsFinite(pair.Predicted)))
            html.Plot(PredictionPlot.Model([.. numbers.Select(pair => (pair.True, pair.Predicted))]), PlotFile.Height, $"Predicted over true numbers of {Number(numbers.Count)} rows");
        else if (last.Classes > 0)
            html.Paragraph($"There are {Number(last.Classes)} classes, too many for a confusion matrix.");
        else
            html.Paragraph("Outputs and labels are of a kind that this report doesn't show.");

        if (last.Worst.Count > 0)
            WriteWorst(last);
    }

    private void WriteWorst(ValidationFindings last)
    {
        html.Section("Worst examples");
        var isOfClasses = last.Classes > 0;
        html.Paragraph(isOfClasses
            ? "The validation rows with the highest loss, −ln of the probability of the true class, or its mean over the pixels."
            : "The validation rows with the largest absolute errors.");
        html.Table("Worst first", ["row", "true", "predicted", .. isOfClasses ? ["probability of the true class", "loss"] : new[] { "absolute error" }, "features"], last.Worst.Select(example => (IReadOnlyList<HtmlCell>)
        [
            Number(example.Row), Label(example.True), Label(example.Predicted),
            .. isOfClasses ? [example.Probability is { } probability ? Number(probability) : "", Number(example.Loss)] : new HtmlCell[] { Number(example.Loss) },
            example.Picture is { } picture ? new HtmlCell($"features of row {example.Row}", picture) : string.Join(" ", (example.Features ?? []).Select(value => Number(value))),
        ]));

        string Label(double? value) => value is not { } label ? "" : isOfClasses ? ClassName((int)label) : Number(label);
    }

    /// <summary>The curve of each class that has rows; of yes alone where there are two.</summary>
    private Dictionary<string, PrecisionRecallCurve> Curves(ValidationFindings last) =>
        (last.Scores ?? []).Select((scores, number) => (scores, number)).Where(pair => (last.Scores!.Count > 2 || pair.number == 1) && pair.scores.Positives.Any(count => count > 0))
            .ToDictionary(pair => ClassName(pair.number), pair => pair.scores.Curve());

    private void WriteNetwork()
    {
        html.Section("Network");
        try
        {
            var description = run.Definition.Describe(run.Context with { Device = CPU, DType = ScalarType.Float32 });
            html.Paragraph("Outputs and multiply-adds are those of one example.");
            html.Table("Modules", SummaryTable.Columns, SummaryTable.Rows(description).Select(row => row.Select(cell => new HtmlCell(cell)).ToList()));
        }
        catch (Exception e) when (e is not OutOfMemoryException)   // a network is anybody's code, and may not take zeros
        {
            html.Paragraph($"The network can't be described: {e.Message}");
        }
    }

    private void WriteEnvironment()
    {
        html.Section("Environment");
        html.Table("Machine and versions", ["what", "value"],
        [
            ["MlComponents", Version(typeof(Trainer))], ["TorchSharp", Version(typeof(Tensor))], [".NET", RuntimeInformation.FrameworkDescription],
            ["operating system", RuntimeInformation.OSDescription], ["architecture", RuntimeInformation.ProcessArchitecture.ToString()],
            ["processors", Number(Environment.ProcessorCount)], ["threads of a computation", Number(get_num_threads())],
        ]);
    }

    private string Options()
    {
        try
        {
            var all = new JsonObject { ["training"] = JsonNode.Parse(run.Options.ToJson()) };
            if (ComponentRegistry.Default.Contains(run.Definition))
                all["network"] = JsonNode.Parse(ComponentJson.Write(run.Definition));
            if (run.Objective.Minimised is { } loss && ComponentRegistry.Default.Contains(loss))
                all["loss"] = JsonNode.Parse(ComponentJson.Write(loss));
            return all.ToJsonString(Indented);
        }
        catch (ComponentException e)
        {
            return $"The options can't be written as JSON: {e.Message}";
        }
    }

    private string ClassName(int number) => number < options.ClassNames.Count ? options.ClassNames[number] : Number(number);

    private static string NetworkName(NetworkDefinition definition) =>
        ComponentRegistry.Default.Contains(definition) ? ComponentRegistry.Default.NameOf(definition) : definition.GetType().Name;

    private static string Version(Type type) => type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Time(double seconds) => seconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
        : TimeSpan.FromSeconds(seconds).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
}
