using System.Text.RegularExpressions;
using MlComponents.TestKit;
using static TorchSharp.torch;

namespace MlComponents.Reporting.Tests;

[TestClass]
public sealed partial class HtmlReportTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("report-").FullName;

    private string ReportPath => Path.Combine(folder, "report.html");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Report_OfAClassifier_HasEverySectionAndNamesEscaped()
    {
        var html = Train(new HtmlReport { Path = ReportPath, Title = "A & B", ClassNames = ["<script>alert(1)</script>", "dog", "cat"] }, warning: "mind the <gap>");

        foreach (var title in new[] { "Summary", "Curves", "Predictions", "Worst examples", "Network", "Options", "Warnings", "Environment" })
            Assert.Contains($"<h2>{title}</h2>", html);
        Assert.Contains("<h1>A &amp; B</h1>", html);
        Assert.Contains("<li>mind the &lt;gap&gt;</li>", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("data:image/png;base64,", html);   // [1, 4, 4] features are pictures
        Assert.Contains("&quot;learningRate&quot;: 0.001", html);
        Assert.Contains("<td>2 of 2</td>", html);
    }

    [TestMethod]
    public void Report_LoadsNothing()
    {
        var html = Train(new HtmlReport { Path = ReportPath });

        Assert.Contains("default-src 'none'", html);
        Assert.DoesNotMatchRegex("""(src|href|action|data)\s*=\s*["']?(?!data:)\w+:|@import|url\((?!#)|<(script|link|iframe|object|embed)\b""", html);
    }

    [TestMethod]
    public void Report_OfSeveralPlots_HasEveryIdentifierOnce()
    {
        var html = Train(new HtmlReport { Path = ReportPath });

        var identifiers = Identifier().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.IsGreaterThan(4, identifiers.Count);
        Assert.AreEqual(identifiers.Count, identifiers.Distinct().Count());
    }

    [TestMethod]
    public void Report_OfAStoppedRun_SaysWhy()
    {
        var html = Train(new HtmlReport { Path = ReportPath }, new LambdaCallback { OnEpochEnd = e => e.Run.Stop("enough <now>") });

        Assert.Contains("The run was stopped: enough &lt;now&gt;", html);
        Assert.Contains("<td>1 of 2</td>", html);
    }

    [TestMethod]
    public void Report_OfAFailedRun_SaysWhatFailed()
    {
        var fail = new LambdaCallback { OnStepEnd = e => { if (e.Step == 1) throw new InvalidOperationException("broken"); } };

        Assert.ThrowsExactly<InvalidOperationException>(() => Train(new HtmlReport { Path = ReportPath }, fail));

        var html = File.ReadAllText(ReportPath);
        Assert.Contains("The run failed: broken", html);
        Assert.Contains("No epoch ended.", html);
    }

    [TestMethod]
    public void Report_ThatCannotBeWritten_IsOneWarningAndTheRunEnds()
    {
        var warnings = new List<string>();
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");

        Fit(new HtmlReport { Path = Path.Combine(file, "report.html") }, Objective.Multiclass(3), (rand(12, 1, 4, 4), arange(12) % 3), new LambdaCallback { OnWarning = e => warnings.Add(e.Message) });

        Assert.HasCount(1, warnings);
        Assert.StartsWith($"The report '{Path.Combine(file, "report.html")}' could not be written: ", warnings[0]);
    }

    [TestMethod]
    public void Report_OfNumbers_ShowsPredictedOverTrueOnes()
    {
        Fit(new HtmlReport { Path = ReportPath }, Objective.Regression(), (rand(12, 1, 4, 4), rand(12)));

        var html = File.ReadAllText(ReportPath);
        Assert.Contains("Predicted over true numbers of 12 rows", html);
        Assert.Contains("<th scope=\"col\">absolute error</th>", html);
        Assert.DoesNotContain("Confusion matrix", html);
        Assert.DoesNotContain("probability of the true class", html);
    }

    [TestMethod]
    public void Report_OfNumbersUnderALossOfSeveralKinds_ShowsNumbers()
    {
        Fit(new HtmlReport { Path = ReportPath }, Objective.Regression(new BinaryCrossEntropy()), (rand(12, 1, 4, 4), rand(12)));

        Assert.Contains("Predicted over true numbers of 12 rows", File.ReadAllText(ReportPath));
    }

    [TestMethod]
    public void Report_OfASumOfLosses_LeavesOutTheLabelThatItIgnores()
    {
        var sum = new WeightedSum { Terms = [new() { Term = "cross-entropy", Loss = new CrossEntropy { IgnoreIndex = 2 } }] };

        Fit(new HtmlReport { Path = ReportPath }, Objective.Multiclass(3, sum), (rand(12, 1, 4, 4), arange(12) % 3));

        Assert.Contains(" of 8 right", File.ReadAllText(ReportPath));
    }

    [TestMethod]
    public void Report_OfYesAndNo_HasTwoClassesAndOneCurve()
    {
        Fit(new HtmlReport { Path = ReportPath, ClassNames = ["no", "yes"] }, Objective.Binary(), (rand(12, 1, 4, 4), (arange(12) % 2).to(ScalarType.Float32)));

        var html = File.ReadAllText(ReportPath);
        Assert.Contains("Confusion matrix of 2 classes", html);
        Assert.Contains("yes (AP ", html);
        Assert.DoesNotContain("no (AP ", html);
    }

    [TestMethod]
    public void Report_OfRowsWithWeights_CountsThemAsTheMetricsDo()
    {
        using var scope = NewDisposeScope();
        var (logits, labels, weights) = (tensor(new[] { 2f, 1, -1, -2 }), tensor(new[] { 1f, 0, 1, 0 }), tensor(new[] { 2f, 3, 0.5f, 0 }));
        using var rows = new TensorDataset(logits.view(4, 1), labels, weights);
        using var objective = Objective.Binary();
        var collector = new FindingsCollector(new HtmlReport(), objective);

        foreach (var batch in new[] { rows.Gather([0, 1, 2]), rows.Gather([3]) })
            collector.Add(new(null!, 1, 1, 2, batch, batch.Features.squeeze(1)));

        var found = collector.Finish(epoch: 1);
        Assert.IsTrue(found.IsWeighted);
        CollectionAssert.AreEqual(new[] { 0, 3.0 }, found.Confusion![0].ToArray());   // true row 1 is wrong, row 3 weighs nothing
        CollectionAssert.AreEqual(new[] { 0.5, 2 }, found.Confusion[1].ToArray());
        var curve = found.Scores![1].Curve();
        Assert.AreEqual(0.8 * 1 + 0.2 * 2.5 / 5.5, curve.AveragePrecision, 1e-12);    // recall 0.8 at precision 1, all at 2.5 of 2.5 + 3
        Assert.AreEqual(PrecisionRecallCurve.Compute(logits, labels, weights).AveragePrecision, curve.AveragePrecision, 1e-12);
        Assert.AreEqual((2.5, 3), (curve.Positives, curve.Negatives));
    }

    [TestMethod]
    public void Report_OfAWeightedValidation_SaysSo()
    {
        using var objective = Objective.Multiclass(3);
        using var rows = new TensorDataset(rand(12, 1, 4, 4), arange(12) % 3, full([12], 0.25f));

        using var result = new Trainer(Small with { Callbacks = [new HtmlReport { Path = ReportPath }] }).Fit(new Mlp { Hidden = [8] }, objective, rows, rows);

        var html = File.ReadAllText(ReportPath);
        Assert.Contains("Of the validation in epoch 2, 12 rows, which count by their weights.", html);
        Assert.Contains(" of 3 right", html);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Run_OfSeveralProcesses_IsReportedByTheFirst(int rank)
    {
        using var objective = Objective.Multiclass(3);
        using var rows = new TensorDataset(rand(12, 1, 4, 4), arange(12) % 3);
        var board = Path.Combine(folder, "board");

        using var result = new Trainer(Small with { Callbacks = [new HtmlReport { Path = ReportPath }, new TensorBoard { Folder = board }] }, new OneOfTwo(rank)).Fit(new Mlp(), objective, rows, rows);

        Assert.HasCount(2, result.History);
        Assert.AreEqual(rank == 0, File.Exists(ReportPath));
        Assert.AreEqual(rank == 0, Directory.Exists(board));
    }

    [TestMethod]
    public void Report_OfANetwork_HasTheMultiplyAddsOfEachModuleAndOfAll()
    {
        var html = Train(new HtmlReport { Path = ReportPath });

        Assert.Contains("<th scope=\"row\">layers.linear1</th><td>Linear</td><td>[8]</td><td>136</td><td>128</td>", html);   // 16·8 and a bias of 8
        Assert.Contains("<th scope=\"row\">in all</th><td>Mlp</td><td>[3]</td><td>163</td><td>152</td>", html);
    }

    [TestMethod]
    public void Report_OfVeryManyClasses_HasNoMatrixOfThem()
    {
        Fit(new HtmlReport { Path = ReportPath }, Objective.Multiclass(50_000), (rand(12, 1, 4, 4), arange(12)));

        var html = File.ReadAllText(ReportPath);
        Assert.Contains("There are 50,000 classes, too many for a confusion matrix.", html);
        Assert.Contains("The validation rows with the highest loss", html);
    }

    [TestMethod]
    public void Report_OfANetworkThatCannotBeDescribed_HasAllElse()
    {
        using var objective = Objective.Multiclass(3);
        using var rows = new TensorDataset(arange(24).view(12, 2) % 5, arange(12) % 3);
        var warnings = new List<string>();
        CallbackDefinition[] callbacks = [new HtmlReport { Path = ReportPath }, new TensorBoard { Folder = Path.Combine(folder, "board") }, new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }];

        using var result = new Trainer(new() { Epochs = 1, BatchSize = 6, Seed = 1, Device = "cpu", Callbacks = callbacks }).Fit(_ => new Words(), objective, rows, rows);

        var html = File.ReadAllText(ReportPath);
        Assert.Contains("be described: There are only numbers of words.", html);
        Assert.Contains("Confusion matrix of 3 classes", html);
        Assert.HasCount(1, warnings, string.Join("\n", warnings));
        Assert.StartsWith("The network's graph isn't drawn for TensorBoard: ", warnings[0]);
    }

    [TestMethod]
    public void Report_ListedFirst_HasWhatAnotherCallbackWarnsOfAtTheEnd()
    {
        var html = Train(new HtmlReport { Path = ReportPath }, new LambdaCallback { OnTrainEnd = e => e.Run.Warn("the end is <near>") });

        Assert.Contains("<li>the end is &lt;near&gt;</li>", html);
    }

    [TestMethod]
    public void Report_OfADryRun_LeavesTheOneThatIsThere()
    {
        File.WriteAllText(ReportPath, "of yesterday");

        Fit(new HtmlReport { Path = ReportPath }, Objective.Multiclass(3), (rand(12, 1, 4, 4), arange(12) % 3), options: new() { DryRun = true });

        Assert.AreEqual("of yesterday", File.ReadAllText(ReportPath));
    }

    [TestMethod]
    public void Report_OfAResumedRun_SaysOnceWhatIsWarnedOfAtEveryStart()
    {
        var options = new TrainerOptions { Checkpoints = new() { Folder = Path.Combine(folder, "checkpoints"), EverySteps = 1, Resume = true } };
        var (isFirst, task) = (true, (rand(12, 1, 4, 4), arange(12) % 3));
        var other = new LambdaCallback
        {
            OnTrainStart = e => e.Run.Warn("mind the gap"),
            OnStepEnd = e =>
            {
                if (e.Step == 1)
                    e.Run.Warn("of step 1");
                if (e.Step == 3 && isFirst)
                    throw new InvalidOperationException("broken");
            },
        };
        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(new HtmlReport { Path = ReportPath }, Objective.Multiclass(3), task, other, options));
        isFirst = false;

        Fit(new HtmlReport { Path = ReportPath }, Objective.Multiclass(3), task, other, options);

        var html = File.ReadAllText(ReportPath);
        Assert.HasCount(2, html.Split("<li>mind the gap</li>"));
        Assert.HasCount(2, html.Split("<li>of step 1</li>"));
        Assert.Contains("resumed from step", html);
    }

    [TestMethod]
    public void ARun_WithTheReportAndTensorBoardAndWorkers_LeavesNoMoreTensorsThanOneWithout()
    {
        using var scope = NewDisposeScope();
        var task = (rand(12, 1, 4, 4), arange(12) % 3);
        var options = new TrainerOptions { Average = new ExponentialMovingAverage(), ValidateEvery = 1 };
        var plain = Left(options, new LambdaCallback { OnTrainEnd = e => e.Run.Definition.Describe(e.Run.Context) });   // builds a network as the report does: TorchSharp counts what a disposed one had as alive

        var watched = Left(options with
        {
            Prefetching = new() { Workers = 2 },
            Callbacks = [new TensorBoard { Folder = Path.Combine(folder, "board"), Graph = false }, new WatchActivations { EverySteps = 1 }, new HtmlReport { Path = ReportPath }],
        });

        Assert.AreEqual(plain, watched);
        Assert.IsTrue(File.Exists(ReportPath) && File.Exists(Path.Combine(folder, "board", TensorBoardScalars.FileName)));

        long Left(TrainerOptions chosen, LambdaCallback? other = null)
        {
            var before = TensorAssert.LiveCount();
            Fit(null, Objective.Multiclass(3), task, other, chosen);
            return TensorAssert.LiveCount() - before;
        }
    }

    [TestMethod]
    public void Run_WithTheWrongNumberOfClassNames_IsAnError()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Train(new HtmlReport { Path = ReportPath, ClassNames = ["a", "b"] }));

        Assert.AreEqual("HtmlReport has 2 class names, but there are 3 classes: give one per class, in the order of their numbers, or none.", error.Message);
    }

    [TestMethod]
    [RequiresChromium]
    public async Task Report_InABrowserWithoutNetwork_ShowsPlotsAndText()
    {
        Train(new HtmlReport { Path = ReportPath, ClassNames = ["<script>document.title='hacked'</script>", "dog", "cat"] });

        var dom = await Chromium.DumpAsync(ReportPath, Path.Combine(folder, "profile"));

        Assert.Contains("<title>Training of mlp</title>", dom);
        Assert.Contains("Confusion matrix of 3 classes", dom);
        Assert.IsGreaterThan(4, dom.Split("<svg").Length - 1);
        Assert.DoesNotContain("<script", dom);
    }

    [TestMethod]
    public void SaveState_OfFindings_ComesBack()
    {
        using var state = new ComponentState();
        var findings = new ValidationFindings { Epoch = 2, Rows = 3, Confusion = [[1, 0], [1, 1]], Scores = [new([1, 0], [0, 2.5])], IsWeighted = true, Worst = [new(3, 1, 0, 0.1, 2.3, [1, 2], null)] };

        state.Set("findings", findings);
        var again = state.Get<ValidationFindings>("findings");

        Assert.AreEqual(1, again.Confusion![1][0]);
        Assert.AreEqual(2.5, again.Scores![0].Negatives[1]);
        Assert.IsTrue(again.IsWeighted);
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, again.Worst[0].Picture);
    }

    private static TrainerOptions Small { get; } = new() { Epochs = 2, BatchSize = 6, ValidationBatchSize = 5, Seed = 1, Device = "cpu" };

    private string Train(HtmlReport report, LambdaCallback? other = null, string? warning = null)
    {
        var warn = new LambdaCallback { OnTrainStart = e => { if (warning is not null) e.Run.Warn(warning); } };
        Fit(report, Objective.Multiclass(3), (rand(12, 1, 4, 4), arange(12) % 3), other ?? warn);
        return File.ReadAllText(ReportPath);
    }

    private static void Fit(HtmlReport? report, Objective task, (Tensor Features, Tensor Labels) examples, LambdaCallback? other = null, TrainerOptions? options = null)
    {
        using var objective = task;
        using var rows = new TensorDataset(examples.Features, examples.Labels);
        CallbackDefinition?[] callbacks = [.. options?.Callbacks ?? [], report, other];
        var trainer = new Trainer((options ?? Small) with { Epochs = 2, BatchSize = 6, ValidationBatchSize = 5, Seed = 1, Device = "cpu", Callbacks = [.. callbacks.OfType<CallbackDefinition>()] });
        using var result = trainer.Fit(new Mlp { Hidden = [8] }, objective, rows, rows);
    }

    /// <summary>A process whose other one says nothing.</summary>
    private sealed class OneOfTwo(int rank) : IProcessGroup
    {
        public int Rank => rank;
        public int WorldSize => 2;
        public void AllReduce(Tensor tensor, ReduceOp op) { }
        public void Broadcast(Tensor tensor, int root = 0) { }
        public IReadOnlyList<Tensor> AllGather(Tensor tensor) => [tensor.alias(), tensor.alias()];
        public void Barrier() { }
        public void Abort(int exitCode) { }
    }

    /// <summary>Takes words by number, and no other numbers.</summary>
    private sealed class Words : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Embedding embedding = nn.Embedding(5, 3);

        public Words() : base(nameof(Words)) => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            input.dtype == ScalarType.Int64 ? embedding.call(input).mean([1]) : throw new NotSupportedException("There are only numbers of words.");
    }

    [GeneratedRegex("""\sid="([^"]+)""")]
    private static partial Regex Identifier();
}
