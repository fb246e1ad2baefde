using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MlComponents.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds training to a host.</summary>
public static class TrainingServiceCollectionExtensions
{
    /// <summary>Adds a background service that runs training jobs: <c>services.AddTraining().AddJob("digits", job)</c>.</summary>
    /// <remarks>
    /// When the host stops, the job in progress ends with the best model so far, which is published before the host has stopped; how long
    /// that may take is the host's own <c>HostOptions.ShutdownTimeout</c>. Called twice, it adds one service. The log has the categories
    /// <c>MlComponents.Hosting.TrainingJob</c>, <c>MlComponents.Hosting.TrainingProgress</c> (epochs and steps) and <c>Microsoft.ML</c>.
    /// </remarks>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options, which are checked when the host starts. Null: all defaults.</param>
    public static TrainingBuilder AddTraining(this IServiceCollection services, Action<TrainingHostOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        var options = services.AddOptions<TrainingHostOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<JobRunner>();
        services.AddHostedService<TrainingService>();
        return new TrainingBuilder(services);
    }

    /// <summary>Adds a background service that runs training jobs, with its options from configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">A section with the properties of <see cref="TrainingHostOptions"/>.</param>
    public static TrainingBuilder AddTraining(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddTraining(configuration.Bind);
    }
}
