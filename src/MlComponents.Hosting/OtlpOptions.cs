using OpenTelemetry.Exporter;

namespace MlComponents.Hosting;

/// <summary>A collector that telemetry is sent to.</summary>
public sealed record OtlpOptions
{
    /// <summary>
    /// Its address, <c>http://</c> or <c>https://</c>: the base address, e.g. <c>http://localhost:4317</c> for gRPC and <c>http://localhost:4318</c> for HTTP.
    /// Null, the default: OpenTelemetry's own, which the variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> sets.
    /// </summary>
    public string? Endpoint { get; init; }

    /// <summary><c>Grpc</c> or <c>HttpProtobuf</c>. Null, the default: OpenTelemetry's own, gRPC unless <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> says otherwise.</summary>
    public OtlpExportProtocol? Protocol { get; init; }
}
