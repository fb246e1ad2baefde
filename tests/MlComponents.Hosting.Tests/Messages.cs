using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MlComponents.Hosting.Tests;

/// <summary>Keeps every log message.</summary>
internal sealed class Messages : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text, Exception? Exception)> entries = new();

    public IReadOnlyList<(string Category, LogLevel Level, string Text, Exception? Exception)> All => [.. entries];

    public IReadOnlyList<string> OfJobs => [.. All.Where(entry => entry.Category is "MlComponents.Hosting.TrainingJob" or "MlComponents.Hosting.TrainingProgress").Select(entry => entry.Text)];

    public bool Any(string start) => All.Any(entry => entry.Text.StartsWith(start, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(Messages messages, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            messages.entries.Enqueue((category, logLevel, formatter(state, exception), exception));
    }
}
