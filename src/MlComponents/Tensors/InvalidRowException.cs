namespace MlComponents;

/// <summary>One row of a batch has a value that an operation can't use, e.g. an index out of range.</summary>
/// <remarks>
/// Where rows are read from a data view, whoever reads them knows the batch's first one, and names the row among all that it reads; operations of your own
/// may throw it for that.
/// </remarks>
public sealed class InvalidRowException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="row">Number of the row in the batch, counted from 0.</param>
    /// <param name="problem">What is wrong with it, as the rest of a sentence, e.g. <c>its class is 4, but OneHot allows 0 to 2.</c></param>
    public InvalidRowException(long row, string problem) : base($"Row {row} of the batch, counted from 0: {problem}") => (Row, Problem) = (row, problem);

    /// <summary>Number of the row in the batch, counted from 0.</summary>
    public long Row { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }
}
