namespace MlComponents.MLNet;

/// <summary>Some rows of one reader: their inputs as tensors, and what was computed from them.</summary>
internal abstract class Computation(IReadOnlyList<TensorColumn> inputs) : IDisposable
{
    /// <summary>What computes, as the beginning of a sentence.</summary>
    protected abstract string Subject { get; }

    /// <summary>Copies the inputs of the reader's current row.</summary>
    public void Read(int index)
    {
        foreach (var input in inputs)
            input.Read(index);
    }

    /// <summary>Computes the first rows.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="firstRow">Number of the first one, for messages.</param>
    /// <exception cref="ObjectDisposedException">What computes was disposed.</exception>
    /// <exception cref="InvalidOperationException">It failed; the message names the row, or all of them.</exception>
    public void Compute(int count, long firstRow)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        try
        {
            Compute([.. inputs.Select(input => input.Take(count))], count);
        }
        catch (InvalidRowException e)
        {
            throw new InvalidOperationException($"{Subject} failed on row {firstRow + e.Row}, counted from 0: {e.Problem}", e);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            throw new InvalidOperationException($"{Subject} failed on the rows {firstRow} to {firstRow + count - 1}, counted from 0: {e.Message}", e);
        }
    }

    /// <summary>A <c>ValueGetter</c> of an output, counted from 0, for the row at the current index.</summary>
    public abstract Delegate Getter(int output, Func<int> current);

    /// <summary>Frees the inputs; what was computed stays. Again, it does nothing.</summary>
    public void Dispose()
    {
        foreach (var input in inputs)
            input.Dispose();
    }

    /// <summary>Computes and keeps the results; it runs in a dispose scope of its own and records no gradients.</summary>
    /// <param name="tensors">The inputs, [count, ...].</param>
    /// <param name="count">Rows, at least 1.</param>
    protected abstract void Compute(IReadOnlyList<Tensor> tensors, int count);
}
