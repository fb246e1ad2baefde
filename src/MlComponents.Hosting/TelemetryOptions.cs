namespace MlComponents.Hosting;

/// <summary>Where the telemetry of training runs goes; nowhere by default, which costs nothing.</summary>
/// <remarks>The service's name and the interval between exports are OpenTelemetry's own: <c>OTEL_SERVICE_NAME</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>.</remarks>
public sealed record TelemetryOptions
{
    /// <summary>Whether metrics and spans are written to the console. Default: false.</summary>
    public bool Console { get; init; }

    /// <summary>The collector; a section that is there turns it on, even an empty one. Null, the default: none, unless <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one.</summary>
    public OtlpOptions? Otlp { get; init; }
}
