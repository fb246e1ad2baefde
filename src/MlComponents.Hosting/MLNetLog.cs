using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlComponents.Hosting;

/// <summary>Tells an ML.NET context's messages to a logger.</summary>
internal static class MLNetLog
{
    public static void Bridge(MLContext ml, ILogger logger) =>
        ml.Log += (_, e) => logger.FromMLNet(LevelOf(e.Kind), e.Source, e.RawMessage);

    private static LogLevel LevelOf(ChannelMessageKind kind) => kind switch
    {
        ChannelMessageKind.Error => LogLevel.Error,
        ChannelMessageKind.Warning => LogLevel.Warning,
        ChannelMessageKind.Info => LogLevel.Information,
        _ => LogLevel.Trace,
    };
}
