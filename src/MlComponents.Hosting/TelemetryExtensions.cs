using Microsoft.Extensions.Configuration;
using MlComponents;
using MlComponents.Hosting;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects the telemetry of training runs with OpenTelemetry.</summary>
public static class TelemetryExtensions
{
    /// <summary>Listens to the metrics of training runs (<see cref="TrainingTelemetry"/>).</summary>
    public static MeterProviderBuilder AddMlComponentsInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(TrainingTelemetry.SourceName);
    }

    /// <summary>Listens to the spans of training runs (<see cref="TrainingTelemetry"/>).</summary>
    public static TracerProviderBuilder AddMlComponentsInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(TrainingTelemetry.SourceName);
    }

    /// <summary>
    /// Sends the telemetry of training runs where the section <c>Telemetry</c> says, and to the collector of OpenTelemetry's own variable
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; adds nothing when neither names a place.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration, e.g. <c>"Telemetry": { "Console": true, "Otlp": { "Endpoint": "http://localhost:4317" } }</c>.</param>
    /// <exception cref="ArgumentException">The endpoint is no http or https address.</exception>
    public static IServiceCollection AddTrainingTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        var options = configuration.GetSection("Telemetry").Get<TelemetryOptions>() ?? new TelemetryOptions();
        var otlp = options.Otlp ?? (NamesACollector(configuration) ? new OtlpOptions() : null);
        if (!options.Console && otlp is null)
            return services;

        var telemetry = services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMlComponentsInstrumentation())
            .WithTracing(tracing => tracing.AddMlComponentsInstrumentation());
        if (options.Console)
            telemetry
                .WithMetrics(metrics => metrics.AddConsoleExporter())
                .WithTracing(tracing => tracing.AddConsoleExporter());
        if (otlp is not null)
        {
            var endpoint = EndpointOf(otlp);
            telemetry
                .WithMetrics(metrics => metrics.AddOtlpExporter(exporter => Set(exporter, otlp.Protocol, endpoint, "v1/metrics")))
                .WithTracing(tracing => tracing.AddOtlpExporter(exporter => Set(exporter, otlp.Protocol, endpoint, "v1/traces")));
        }
        return services;
    }

    // An empty section binds to null, as if it weren't there.
    private static bool NamesACollector(IConfiguration configuration) =>
        configuration.GetSection("Telemetry").GetChildren().Any(section => section.Key.Equals(nameof(TelemetryOptions.Otlp), StringComparison.OrdinalIgnoreCase))
        || !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    private static Uri? EndpointOf(OtlpOptions otlp)
    {
        if (otlp.Endpoint is null)
            return null;
        if (Uri.TryCreate(otlp.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        throw new ArgumentException($"Telemetry:Otlp:Endpoint is '{otlp.Endpoint}'; allowed is an address such as http://localhost:4317.");
    }

    // The exporter takes an endpoint that is set in code as it is, and adds the signal's path over HTTP only to one from its own variable.
    private static void Set(OtlpExporterOptions exporter, OtlpExportProtocol? protocol, Uri? endpoint, string path)
    {
        exporter.Protocol = protocol ?? exporter.Protocol;
        if (endpoint is not null)
            exporter.Endpoint = exporter.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{endpoint.ToString().TrimEnd('/')}/{path}") : endpoint;
    }
}
