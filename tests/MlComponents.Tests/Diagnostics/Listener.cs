using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MlComponents.Tests.Diagnostics;

/// <summary>Writes down what runs tell: every measurement with its instrument and tags, every span that ended.</summary>
internal sealed class Listener : IDisposable
{
    private readonly MeterListener meters = new();
    private readonly ActivityListener activities;

    public Listener()
    {
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "MlComponents.Training")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.Start();

        activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MlComponents.Training",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => Started++,
            ActivityStopped = Spans.Add,
        };
        ActivitySource.AddActivityListener(activities);
    }

    public int Started { get; private set; }

    public List<Activity> Spans { get; } = [];

    public List<(Instrument Instrument, double Value, string Tags)> Measurements { get; } = [];

    public double[] Values(string name, string tags = "") =>
        [.. Measurements.Where(m => m.Instrument.Name == name && m.Tags == tags).Select(m => m.Value)];

    public Activity Span(string name) => Spans.Single(span => span.OperationName == name);

    public void Dispose()
    {
        meters.Dispose();
        activities.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var written = string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        Measurements.Add((instrument, value, written));
    }
}
