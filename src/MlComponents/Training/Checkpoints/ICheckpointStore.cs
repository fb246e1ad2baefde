namespace MlComponents;

/// <summary>Where checkpoints are kept: each is written whole or not at all, and is known by its step.</summary>
/// <remarks>It is used by one thread at a time, which needn't be the same always.</remarks>
public interface ICheckpointStore
{
    /// <summary>The steps whose checkpoints are there, damaged ones included, in ascending order.</summary>
    /// <exception cref="IOException">The store can't be read.</exception>
    IReadOnlyList<long> Steps { get; }

    /// <summary>Puts right what a killed run left, and makes sure that there is a place to write to. A run that is going to write calls it first; who only reads doesn't.</summary>
    /// <exception cref="IOException">The place can't be made, or what was left can't be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be made or changed.</exception>
    void Prepare();

    /// <summary>Writes a checkpoint, in the place of one of the same step, and returns when it would survive a loss of power.</summary>
    /// <param name="checkpoint">The checkpoint, which stays the caller's.</param>
    /// <exception cref="IOException">It couldn't be written; what was there before is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there before is still there.</exception>
    void Write(Checkpoint checkpoint);

    /// <summary>Reads the metrics of a checkpoint and none of its tensors.</summary>
    /// <exception cref="InvalidDataException">There is none of that step, or it is damaged or of a newer format.</exception>
    IReadOnlyDictionary<string, double> ReadMetrics(long step);

    /// <summary>Reads a checkpoint, which is the caller's from then on.</summary>
    /// <exception cref="InvalidDataException">There is none of that step, or it is damaged or of a newer format.</exception>
    Checkpoint Read(long step);

    /// <summary>Reads the newest sound checkpoint, which is the caller's from then on.</summary>
    /// <param name="warn">Is told in a sentence of every newer one that is damaged.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="InvalidDataException">The newest that isn't damaged is of a newer format.</exception>
    Checkpoint? ReadLatest(Action<string> warn);

    /// <summary>Deletes a checkpoint; nothing happens where there is none of that step.</summary>
    /// <exception cref="IOException">It couldn't be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be deleted.</exception>
    void Delete(long step);
}
