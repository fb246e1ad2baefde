using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ExportedMetric = OpenTelemetry.Metrics.Metric;

namespace MlComponents.Hosting.Tests;

[TestClass]
public sealed class TelemetryTests
{
    [TestMethod]
    public void Metrics_OfARun_AreAllThereWithTheirUnitsAndTags()
    {
        var exported = new List<ExportedMetric>();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMlComponentsInstrumentation().AddInMemoryExporter(exported).Build();

        Blobs.Train(Blobs.Options);
        provider.ForceFlush();

        var seen = exported.OrderBy(metric => metric.Name, StringComparer.Ordinal).Select(metric => $"{metric.Name} {metric.MetricType} '{metric.Unit}' {Tags(metric)}");
        CollectionAssert.AreEqual(new[]
        {
            "mlcomponents.training.data.wait Histogram 's' ",
            "mlcomponents.training.device.memory LongGauge 'By' mlcomponents.device=cpu",
            "mlcomponents.training.epoch LongGauge '' ",
            "mlcomponents.training.gradient_norm DoubleGauge '1' ",
            "mlcomponents.training.learning_rate DoubleGauge '1' ",
            "mlcomponents.training.loss DoubleGauge '1' ",
            "mlcomponents.training.metric DoubleGauge '' mlcomponents.metric.name=train/loss mlcomponents.metric.name=validation/accuracy mlcomponents.metric.name=validation/loss",
            "mlcomponents.training.runs LongSumNonMonotonic '' mlcomponents.run.state=completed mlcomponents.run.state=running",
            "mlcomponents.training.samples LongSum '{sample}' ",
            "mlcomponents.training.step.duration Histogram 's' ",
        }, seen.ToArray());
        Assert.IsTrue(exported.All(metric => metric.MeterName == "MlComponents.Training"));
    }

    [TestMethod]
    public void Spans_OfARun_AreAllThere()
    {
        var exported = new List<Activity>();
        using var provider = Sdk.CreateTracerProviderBuilder().AddMlComponentsInstrumentation().AddInMemoryExporter(exported).Build();

        Blobs.Train(Blobs.Options);
        provider.ForceFlush();

        Assert.AreEqual("validate epoch validate epoch train", string.Join(" ", exported.Select(span => span.DisplayName)));
        Assert.IsTrue(exported.All(span => span.TraceId == exported[^1].TraceId));
    }

    [TestMethod]
    public async Task Otlp_OfTheConfiguration_ReceivesMetricsAndSpans()
    {
        using var collector = new Collector();
        using var services = Services(("Telemetry:Otlp:Endpoint", collector.Address), ("Telemetry:Otlp:Protocol", "HttpProtobuf"));
        var received = collector.ReceiveAsync(2);

        TrainAndFlush(services);

        var requests = await received;
        StringAssert.Contains(requests["/v1/metrics"], "mlcomponents.training.loss");
        StringAssert.Contains(requests["/v1/traces"], "validate");
    }

    [TestMethod]
    public async Task Otlp_OfOpenTelemetrysOwnVariable_ReceivesMetricsAndSpans()
    {
        using var collector = new Collector();
        using var services = Services(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        var received = collector.ReceiveAsync(2);

        TrainAndFlush(services);

        var requests = await received;
        StringAssert.Contains(requests["/v1/metrics"], "mlcomponents.training.loss");
        StringAssert.Contains(requests["/v1/traces"], "validate");
    }

    [TestMethod]
    [DataRow("""{ "Telemetry": { "Otlp": {} } }""", true)]
    [DataRow("""{ "Telemetry": { "Otlp": { "Protocol": "Grpc" } } }""", true)]
    [DataRow("""{ "Telemetry": { "Console": false } }""", false)]
    [DataRow("""{ "Telemetry": {} }""", false)]
    public void Otlp_OfASectionWithoutAnEndpoint_IsOnWhereTheSectionIs(string json, bool isOn)
    {
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

        using var services = new ServiceCollection().AddTrainingTelemetry(configuration).BuildServiceProvider();

        Assert.AreEqual(isOn, services.GetService<MeterProvider>() is not null);
        Assert.AreEqual(isOn, services.GetService<TracerProvider>() is not null);
    }

    [TestMethod]
    public void Console_OfTheConfiguration_ShowsMetricsAndSpans()
    {
        var before = Console.Out;
        using var writer = new StringWriter();
        Console.SetOut(writer);
        try
        {
            using var services = Services(("Telemetry:Console", "true"));
            TrainAndFlush(services);
        }
        finally
        {
            Console.SetOut(before);
        }

        StringAssert.Contains(writer.ToString(), "mlcomponents.training.loss");
        StringAssert.Contains(writer.ToString(), "validate");
    }

    [TestMethod]
    public void NoConfiguration_AddsNothing()
    {
        using var services = Services();

        Assert.IsNull(services.GetService<MeterProvider>());
        Assert.IsNull(services.GetService<TracerProvider>());
    }

    [TestMethod]
    [DataRow("localhost:4317")]
    [DataRow("collector")]
    public void Endpoint_ThatIsNoAddress_IsAnError(string endpoint)
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => Services(("Telemetry:Otlp:Endpoint", endpoint)));

        Assert.AreEqual($"Telemetry:Otlp:Endpoint is '{endpoint}'; allowed is an address such as http://localhost:4317.", e.Message);
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddTrainingTelemetry(configuration).BuildServiceProvider();   // as in a host
    }

    private static void TrainAndFlush(ServiceProvider services)
    {
        var metrics = services.GetRequiredService<MeterProvider>();
        var spans = services.GetRequiredService<TracerProvider>();
        Blobs.Train(Blobs.Options);
        metrics.ForceFlush();
        spans.ForceFlush();
    }

    private static string Tags(ExportedMetric metric)
    {
        var tags = new List<string>();
        foreach (ref readonly var point in metric.GetMetricPoints())
            foreach (var tag in point.Tags)
                tags.Add($"{tag.Key}={tag.Value}");
        return string.Join(" ", tags.Order(StringComparer.Ordinal));
    }

    /// <summary>A collector on this machine that keeps the bodies of requests by their path.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener listener = new();

        public Collector()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Address = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            listener.Prefixes.Add($"{Address}/");
            listener.Start();
        }

        public string Address { get; }

        public async Task<Dictionary<string, string>> ReceiveAsync(int count)
        {
            var bodies = new Dictionary<string, string>();
            while (bodies.Count < count)
            {
                var context = await listener.GetContextAsync().WaitAsync(TestHost.Limit);
                using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                bodies[context.Request.Url!.AbsolutePath] = await reader.ReadToEndAsync();
                context.Response.Close();
            }
            return bodies;
        }

        public void Dispose() => listener.Close();
    }
}
