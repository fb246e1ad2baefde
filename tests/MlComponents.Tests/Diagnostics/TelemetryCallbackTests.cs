using System.Diagnostics;
using MlComponents.Tests.Training;

namespace MlComponents.Tests.Diagnostics;

[TestClass]
public sealed class TelemetryCallbackTests
{
    [TestMethod]
    public void Fit_WithAListener_RecordsEveryStep()
    {
        using var listener = new Listener();

        Fit(Blobs.Options with { Epochs = 2, BatchSize = 20 });

        CollectionAssert.AreEqual(new double[] { 20, 20, 8, 20, 20, 8 }, listener.Values("mlcomponents.training.samples"));
        CollectionAssert.AreEqual(new double[] { 1, 2 }, listener.Values("mlcomponents.training.epoch"));
        CollectionAssert.AreEqual(Enumerable.Repeat(1e-2, 6).ToArray(), listener.Values("mlcomponents.training.learning_rate"));
        foreach (var name in new[] { "loss", "gradient_norm", "step.duration", "data.wait" })
        {
            var values = listener.Values($"mlcomponents.training.{name}");
            Assert.HasCount(6, values, name);
            Assert.IsTrue(values.All(value => value > 0), name);
        }
        Assert.IsGreaterThan(1 << 20, listener.Values("mlcomponents.training.device.memory", "mlcomponents.device=cpu")[0]);
    }

    [TestMethod]
    public void Fit_WithLossesReadEveryThirdStep_RecordsThoseOnly()
    {
        using var listener = new Listener();

        Fit(Blobs.Options with { Epochs = 2, BatchSize = 16, LogEvery = 3 });

        Assert.HasCount(2, listener.Values("mlcomponents.training.loss"));
        Assert.HasCount(2, listener.Values("mlcomponents.training.gradient_norm"));
        Assert.HasCount(6, listener.Values("mlcomponents.training.step.duration"));
    }

    [TestMethod]
    public void Fit_WithAListener_RecordsTheMetricsOfTheHistory()
    {
        using var listener = new Listener();

        var history = Fit(Blobs.Options);

        foreach (var name in new[] { "train/loss", "validation/loss", "validation/accuracy" })
            CollectionAssert.AreEqual(
                history.Select(row => row.Metrics[name]).ToArray(),
                listener.Values("mlcomponents.training.metric", $"mlcomponents.metric.name={name}"));
    }

    [TestMethod]
    [DataRow("mlcomponents.training.loss", "Gauge`1", "1")]
    [DataRow("mlcomponents.training.samples", "Counter`1", "{sample}")]
    [DataRow("mlcomponents.training.step.duration", "Histogram`1", "s")]
    [DataRow("mlcomponents.training.data.wait", "Histogram`1", "s")]
    [DataRow("mlcomponents.training.epoch", "Gauge`1", null)]
    [DataRow("mlcomponents.training.learning_rate", "Gauge`1", "1")]
    [DataRow("mlcomponents.training.gradient_norm", "Gauge`1", "1")]
    [DataRow("mlcomponents.training.metric", "Gauge`1", null)]
    [DataRow("mlcomponents.training.runs", "UpDownCounter`1", null)]
    [DataRow("mlcomponents.training.device.memory", "Gauge`1", "By")]
    public void Instrument_HasItsKindAndUnit(string name, string kind, string? unit)
    {
        using var listener = new Listener();

        Fit(Blobs.Options with { Epochs = 1 });

        var instrument = listener.Measurements.First(m => m.Instrument.Name == name).Instrument;
        Assert.AreEqual(kind, instrument.GetType().Name);
        Assert.AreEqual(unit, instrument.Unit);
    }

    [TestMethod]
    public void Spans_OfAWholeRun_AreNested()
    {
        using var listener = new Listener();

        Fit(Blobs.Options with { Epochs = 2 });

        CollectionAssert.AreEqual(new[] { "validate", "epoch", "validate", "epoch", "train" }, listener.Spans.Select(span => span.OperationName).ToArray());
        var train = listener.Span("train");
        var epochs = listener.Spans.Where(span => span.OperationName == "epoch").ToArray();
        var validations = listener.Spans.Where(span => span.OperationName == "validate").ToArray();
        Assert.IsTrue(epochs.All(epoch => epoch.ParentSpanId == train.SpanId));
        CollectionAssert.AreEqual(epochs.Select(epoch => epoch.SpanId).ToArray(), validations.Select(validation => validation.ParentSpanId).ToArray());
        CollectionAssert.AreEqual(new object[] { 1, 2 }, epochs.Select(epoch => epoch.GetTagItem("mlcomponents.epoch")).ToArray());
        Assert.AreEqual("completed", train.GetTagItem("mlcomponents.run.state"));
        Assert.IsTrue(listener.Spans.All(span => span.Status == ActivityStatusCode.Unset));
        Assert.IsNull(Activity.Current);
    }

    [TestMethod]
    public void Train_UnderACallersSpan_IsItsChild()
    {
        using var listener = new Listener();
        using var outer = new Activity("outer").Start();

        Fit(Blobs.Options with { Epochs = 1 });

        Assert.AreEqual(outer.SpanId, listener.Span("train").ParentSpanId);
        Assert.AreSame(outer, Activity.Current);
    }

    [TestMethod]
    public void Stop_ByACallback_ClosesTheSpansAsStopped() => AssertEnds("stopped", 3, Blobs.Options with
    {
        Callbacks = [new LambdaCallback { OnStepEnd = e => { if (e.Step == 4) e.Run.Stop("Enough."); } }],
    });

    [TestMethod]
    public void Cancellation_InAStep_ClosesTheSpansAsCancelled()
    {
        using var source = new CancellationTokenSource();

        AssertEnds("cancelled", 3, Blobs.Options with
        {
            CancellationToken = source.Token, Callbacks = [new LambdaCallback { OnStepEnd = e => { if (e.Step == 4) source.Cancel(); } }],
        });
    }

    [TestMethod]
    public void Cancellation_InAValidation_ClosesTheSpansAsCancelled()
    {
        using var source = new CancellationTokenSource();

        AssertEnds("cancelled", 3, Blobs.Options with
        {
            CancellationToken = source.Token, Callbacks = [new LambdaCallback { OnValidationStart = _ => source.Cancel() }],
        }, validated: true);
    }

    [TestMethod]
    public void Failure_InAValidation_ClosesEverySpanAsAnError()
    {
        using var listener = new Listener();
        var error = new InvalidOperationException("The disk is full.");

        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(Blobs.Options with { Callbacks = [new LambdaCallback { OnValidationStart = _ => throw error }] }));

        CollectionAssert.AreEqual(new[] { "validate", "epoch", "train" }, listener.Spans.Select(span => span.OperationName).ToArray());
        Assert.IsTrue(listener.Spans.All(span => span.Status == ActivityStatusCode.Error && span.StatusDescription == "The disk is full."));
        var exception = listener.Span("train").Events.Single();
        Assert.AreEqual("exception", exception.Name);
        Assert.AreEqual("The disk is full.", exception.Tags.Single(tag => tag.Key == "exception.message").Value);
        AssertRuns(listener, "failed");
    }

    [TestMethod]
    public void Failure_BeforeTheFirstStep_ClosesTheRun()
    {
        using var listener = new Listener();

        Assert.ThrowsExactly<ArgumentException>(() => Fit(Blobs.Options with { Callbacks = [new EarlyStopping("validation/nonsense")] }));

        Assert.AreEqual(ActivityStatusCode.Error, listener.Span("train").Status);
        AssertRuns(listener, "failed");
        Assert.IsNull(Activity.Current);
    }

    [TestMethod]
    public void OnStepEnd_WithoutAListener_AllocatesNothing()
    {
        StepEnd? step = null;
        Fit(Blobs.Options with { Epochs = 1, Callbacks = [new LambdaCallback { OnStepEnd = e => step = e }] });
        var callback = new TelemetryCallback();
        callback.OnTrainStart(new(step!.Value.Run));
        callback.OnStepEnd(step.Value);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            callback.OnStepEnd(step.Value);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.AreEqual(0, allocated);
    }

    private static void AssertEnds(string state, int spans, TrainerOptions options, bool validated = false)
    {
        using var listener = new Listener();

        Fit(options, validated);

        Assert.HasCount(spans, listener.Spans);
        Assert.AreEqual(listener.Started, listener.Spans.Count);
        Assert.AreEqual("train", listener.Spans[^1].OperationName);
        Assert.AreEqual(state, listener.Spans[^1].GetTagItem("mlcomponents.run.state"));
        Assert.IsTrue(listener.Spans.All(span => span.Status == ActivityStatusCode.Unset));
        AssertRuns(listener, state);
        Assert.IsNull(Activity.Current);
    }

    private static void AssertRuns(Listener listener, string state)
    {
        CollectionAssert.AreEqual(new double[] { 1, -1 }, listener.Values("mlcomponents.training.runs", "mlcomponents.run.state=running"));
        CollectionAssert.AreEqual(new double[] { 1 }, listener.Values("mlcomponents.training.runs", $"mlcomponents.run.state={state}"));
    }

    private static History Fit(TrainerOptions options, bool validated = true)
    {
        using var training = Blobs.Create(48, seed: 1);
        using var validation = validated ? Blobs.Create(32, seed: 2) : null;
        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training, validation);
        return result.History;
    }
}
