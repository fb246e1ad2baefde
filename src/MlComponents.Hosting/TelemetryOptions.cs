namespace MlComponents.Hosting;

/// <summary>Where the telemetry of training runs goes; nowhere by default, which costs nothing.</summary>
/// <remarks>The service's name and the interval between exports are OpenTelemetry's own: <c>OTEL_SERVICE_NAME</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>.</remarks>
public sealed record TelemetryOptions
{
    /// <summary>Whether metrics and spans are written to the console. Default: false.</summary>
    public bool Console { get; init; }

    /// <summary>The collector, or null, the default, for none.</summary>
    public OtlpOptions? Otlp { get; init; }
}
