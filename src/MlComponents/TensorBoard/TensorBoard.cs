using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Writes a run for TensorBoard: scalars of training and validation in one chart, learning rate, gradient norm and speed, distributions of weights and gradients, examples with their predictions,
/// the network's graph, precision/recall curves and hyper-parameters; and at the end all scalars as <c>scalars.json</c>.
/// </summary>
/// <remarks>
/// <para>The folder has a folder for each curve of a chart: <c>train</c>, <c>validation</c> and, where weights are averaged, one for the average, e.g. <c>ema</c>. Show one run by <c>tensorboard --logdir FOLDER</c>, several
/// by the folder that theirs are in. Give each run a folder of its own: in one that was used, a new run takes the place of the old one in TensorBoard, and one that goes on from a checkpoint continues it there.</para>
/// <para>Where the disk is full or the folder can't be written, the run warns once and goes on without. A dry run writes nothing, and of several processes that train together the one of rank 0 alone does.</para>
/// </remarks>
public sealed record TensorBoard : CallbackDefinition
{
    /// <summary>Where the files go; created when it isn't there. Default: <c>tensorboard</c>, in the current directory.</summary>
    [Required, MinLength(1)]
    public string Folder { get; init; } = "tensorboard";

    /// <summary>Optimizer steps between two points of the charts of single steps: loss, learning rate, gradient norm and samples per second. At least 1; default 10.</summary>
    [Range(1, int.MaxValue)]
    public int ScalarEvery { get; init; } = 10;

    /// <summary>Epochs between two histograms of each weight, and of its gradient in the epoch's last step as the optimizer got it. At least 0; default 1; 0 writes none.</summary>
    [Range(0, int.MaxValue)]
    public int HistogramEvery { get; init; } = 1;

    /// <summary>
    /// Validation examples whose predictions are written after each validation, as pictures too where features are [1, H, W] or [3, H, W], or vectors of H² numbers from 8² on. Pictures whose numbers leave 0 to 1 are stretched to it.
    /// 0 to 64; default 8; 0 writes none.
    /// </summary>
    [Range(0, 64)]
    public int Images { get; init; } = 8;

    /// <summary>Whether the network's graph is written. Default: true.</summary>
    public bool Graph { get; init; } = true;

    /// <summary>Whether a precision/recall curve is written after each validation: of yes in a binary task, of each class against the rest in one of up to 100 classes or of the first 100 of more. Default: true.</summary>
    public bool PrecisionRecall { get; init; } = true;

    /// <summary>Whether options and final metrics are written as a row of the table of hyper-parameters. Default: true.</summary>
    public bool HyperParameters { get; init; } = true;

    /// <summary>Seconds for which something waits at most before it is written. 1 to 3,600; default 10.</summary>
    [Range(1, 3600)]
    public int FlushSeconds { get; init; } = 10;

    /// <summary>The time of what is written.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Opens an event file. Null, the default: on the disk.</summary>
    internal Func<string, Stream>? Open { get; init; }

    /// <inheritdoc/>
    public override TrainingCallback Create() => new TensorBoardCallback(this);
}
