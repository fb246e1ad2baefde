using Microsoft.Extensions.DependencyInjection;

namespace MlComponents.Hosting;

/// <summary>Adds jobs to a host's training service.</summary>
public sealed class TrainingBuilder
{
    internal TrainingBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a job. Jobs run once each, one after another in the order in which they were added, because each of them uses all cores.</summary>
    /// <param name="name">Name of the job and of its output folder: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, beginning with a letter or digit.</param>
    /// <param name="job">The job.</param>
    /// <exception cref="ArgumentException">The name can't be that of a folder, or another job has it.</exception>
    public TrainingBuilder AddJob(string name, TrainingJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return AddJob(name, _ => job);
    }

    /// <summary>Adds a job that is made from the host's services when its turn comes.</summary>
    /// <inheritdoc cref="AddJob(string, TrainingJob)"/>
    public TrainingBuilder AddJob(string name, Func<IServiceProvider, TrainingJob> job)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(job);
        if (name.Length == 0 || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new ArgumentException(
                $"The job's name is '{name}'; allowed are letters, digits, '-', '_' and '.', beginning with a letter or digit, because it names a folder.", nameof(name));
        if (Services.Any(service => service.ImplementationInstance is TrainingJobRegistration other && other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw new ArgumentException($"There is a job '{name}' already: give every job a name of its own.", nameof(name));

        Services.AddSingleton(new TrainingJobRegistration(name, job));
        return this;
    }

    /// <summary>Adds a callback to every job whose trainer has its options from <see cref="TrainingJobContext.Attach"/>, e.g. one that writes a report into the run's folder.</summary>
    /// <param name="callback">Makes it for a run, before the job's own functions are called; the context's callbacks are those that come before it.</param>
    public TrainingBuilder AddCallback(Func<TrainingJobContext, CallbackDefinition> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Services.AddSingleton(new TrainingCallbackRegistration(callback));
        return this;
    }
}
