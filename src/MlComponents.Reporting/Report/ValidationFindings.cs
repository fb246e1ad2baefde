namespace MlComponents.Reporting;

/// <summary>What a report keeps of a validation; data that a checkpoint can hold.</summary>
internal sealed record ValidationFindings
{
    /// <summary>Number of the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Rows that went through the network.</summary>
    public required long Rows { get; init; }

    /// <summary>Number of classes; 0 where there are none.</summary>
    public int Classes { get; init; }

    /// <summary>Whether rows had weights.</summary>
    public bool IsWeighted { get; init; }

    /// <summary>How often each true class was taken for each class, by weight; null where there are no classes, or too many.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Confusion { get; init; }

    /// <summary>Scores of each class, or of yes alone; null where a class is one per pixel, or there are too many.</summary>
    public IReadOnlyList<ScoreHistogram>? Scores { get; init; }

    /// <summary>True and predicted numbers of some rows; null where there are classes.</summary>
    public IReadOnlyList<NumberPair>? Numbers { get; init; }

    /// <summary>The rows with the highest loss, the worst first.</summary>
    public required IReadOnlyList<WorstExample> Worst { get; init; }
}

/// <summary>The number of a row's label, and the one that the network gave.</summary>
internal readonly record struct NumberPair(double True, double Predicted);

/// <summary>A row that the network got badly wrong.</summary>
/// <param name="Row">Number of the row in the pass, from 1.</param>
/// <param name="True">Its label: a class's number, or a number; null where there is one per pixel.</param>
/// <param name="Predicted">What the network made of it, in the same way.</param>
/// <param name="Probability">What the network gave the true class; null where there are no classes.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="Picture">Its features as PNG, where they are a picture.</param>
/// <param name="Features">Its first features, where they are none.</param>
internal sealed record WorstExample(long Row, double? True, double? Predicted, double? Probability, double Loss, byte[]? Picture, double[]? Features);
