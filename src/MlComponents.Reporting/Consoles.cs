using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>Consoles around the streams of this process.</summary>
public static class Consoles
{
    /// <summary>A console that writes to a stream of this process; colours and cursor movements only where it is a terminal.</summary>
    public static IAnsiConsole Create(ProgressOutput output)
    {
        var (writer, isRedirected) = output == ProgressOutput.StandardError
            ? (Console.Error, Console.IsErrorRedirected)
            : (Console.Out, Console.IsOutputRedirected);
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
    }
}
