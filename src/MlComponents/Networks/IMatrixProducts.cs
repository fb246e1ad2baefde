namespace MlComponents;

/// <summary>A module that multiplies matrices in its own forward pass, beside what the modules inside it do.</summary>
internal interface IMatrixProducts
{
    /// <summary>Multiply-adds of its own products, in all calls so far.</summary>
    /// <param name="calls">The calls of a module inside it, or of itself; none where it wasn't called.</param>
    long MultiplyAdds(Func<nn.Module, IReadOnlyList<CallShapes>> calls);
}

/// <summary>One call of a module, for one example.</summary>
/// <param name="Input">Shape of what went in, with the batch of one; the first input's where there are several.</param>
/// <param name="Output">Shape of what came out, with the batch of one.</param>
internal readonly record struct CallShapes(long[] Input, long[] Output);
