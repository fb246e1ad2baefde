using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>Shows how far a run is: one line per epoch, and below it, on a terminal, a bar that moves.</summary>
/// <remarks>
/// The line has the epoch, the loss, the validation's metrics, the speed and the time left. Where the output is redirected, or the terminal
/// can't move its cursor, there are the lines alone. A terminal that fails, e.g. a closed pipe, ends the report and never the run.
/// </remarks>
public sealed record ProgressBar : CallbackDefinition
{
    /// <summary>Which stream is written when <see cref="Console"/> is null. Default: standard output.</summary>
    [EnumDataType(typeof(ProgressOutput))]
    public ProgressOutput Output { get; init; }

    /// <summary>Time between two drawings of the bar in milliseconds. 10 to 60,000; default 100.</summary>
    [Range(10, 60_000)]
    public int RefreshMilliseconds { get; init; } = 100;

    /// <summary>
    /// Where to write; for any <see cref="TextWriter"/> use <see cref="AnsiConsole.Create"/>. Null, the default: <see cref="Output"/>.
    /// It is no data and is left out where options are saved.
    /// </summary>
    [JsonIgnore]
    public IAnsiConsole? Console { get; init; }

    /// <summary>What the time is measured with.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public override TrainingCallback Create() => new ProgressBarCallback(this);
}

/// <summary>A stream of this process.</summary>
public enum ProgressOutput
{
    /// <summary>Standard output.</summary>
    StandardOutput,

    /// <summary>Standard error, which leaves standard output to results that another program reads.</summary>
    StandardError,
}
