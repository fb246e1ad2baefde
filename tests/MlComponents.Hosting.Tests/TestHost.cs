using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MlComponents.Hosting.Tests;

/// <summary>A host with jobs, whose output goes to a folder of its own that is removed at the end.</summary>
internal sealed class TestHost : IDisposable
{
    /// <summary>A net under a host that hangs, and no statement about its speed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly IHost host;

    public TestHost(Action<TrainingBuilder> jobs, Action<TrainingHostOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddProvider(Messages).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(new FixedTime());
        jobs(builder.Services.AddTraining(options =>
        {
            options.OutputFolder = Folder;
            options.StopWhenDone = true;
            configure?.Invoke(options);
        }));
        host = builder.Build();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("hosting-tests-").FullName;

    public Messages Messages { get; } = new();

    public string ModelOf(string job) => Path.Combine(Folder, job, "20260102T030405Z", "model.zip");

    /// <summary>Runs the host until it stops by itself.</summary>
    /// <returns>The process's exit code as the host left it; it is put back.</returns>
    public async Task<int> RunAsync()
    {
        var before = Environment.ExitCode;
        try
        {
            await host.StartAsync();
            await host.WaitForShutdownAsync().WaitAsync(Limit);
            return Environment.ExitCode;
        }
        finally
        {
            Environment.ExitCode = before;
        }
    }

    public Task StartAsync() => host.StartAsync();

    public Task StopAsync() => host.StopAsync();

    public void Dispose()
    {
        host.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
