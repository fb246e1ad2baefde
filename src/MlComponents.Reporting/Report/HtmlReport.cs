using System.ComponentModel.DataAnnotations;

namespace MlComponents.Reporting;

/// <summary>Writes a report of the run as one HTML file when it ends, also when it was stopped or failed: the file needs no network and nothing beside it.</summary>
/// <remarks>
/// It has a summary, the options, curves of all metrics, of the last whole validation a confusion matrix with precision over recall (or predicted over true numbers) and the worst examples, the network's modules,
/// the warnings and the environment. What is kept of a validation are counts and a few examples, whatever its size. It is written when all callbacks are through, wherever it is listed among them. A file that can't be written is a warning and never the end of the run. A dry run writes none, and of several processes that train together the one of rank 0 alone does.
/// </remarks>
public sealed record HtmlReport : CallbackDefinition
{
    /// <summary>The file; one that is there is replaced, its folder is created. Default: <c>report.html</c> in the working folder.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Path { get; init; } = "report.html";

    /// <summary>Title of the report. Null, the default: the network's name.</summary>
    public string? Title { get; init; }

    /// <summary>Names of the classes by their numbers: one per class, two for yes or no, first that of 0. Default: none, the numbers.</summary>
    [Required]
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Validation rows with the highest loss that are shown. 0 to 100; default 12.</summary>
    [Range(0, 100)]
    public int WorstExamples { get; init; } = 12;

    /// <summary>
    /// Shape in which an example's features are a picture, [1, H, W] or [3, H, W], where they come as flat vectors. Each at least 1. Null, the default: features of such a shape are pictures, others
    /// numbers.
    /// </summary>
    [ElementRange(1, int.MaxValue)]
    [Length(3, 3)]
    public IReadOnlyList<long>? ImageShape { get; init; }

    /// <summary>What the time is measured with.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public override TrainingCallback Create() => new HtmlReportCallback(this);
}
