namespace MlComponents;

/// <summary>A batch couldn't be read: the message says which, of which examples, and on which worker; the inner exception is what was thrown, by the data set, its collation, an augmentation or a sampler.</summary>
/// <remarks>The batches before it were given first. It is the same for any number of workers but for the worker's name in the message.</remarks>
public sealed class BatchReadException : Exception
{
    internal BatchReadException(string message, Exception inner, ReadOnlySpan<long> examples) : base(message, inner) => Examples = examples.ToArray();

    /// <summary>Numbers of the examples of which one is to blame: only that one's where it is known, otherwise those of the batch, or none where it was not yet known which these are.</summary>
    public IReadOnlyList<long> Examples { get; }

    /// <summary>Says where something was thrown.</summary>
    /// <param name="what">The batch, as the beginning of a sentence.</param>
    /// <param name="inner">What was thrown; where it says where itself, that is kept.</param>
    /// <param name="examples">Numbers of the batch's examples.</param>
    internal static BatchReadException Of(string what, Exception inner, ReadOnlySpan<long> examples)
    {
        var message = $"{what} can't be read: {inner.Message}";
        return inner is BatchReadException { InnerException: { } cause } known ? new(message, cause, [.. known.Examples]) : new(message, inner, examples);
    }
}
