namespace MlComponents;

/// <summary>Compares the shapes of examples.</summary>
internal static class ExampleShape
{
    /// <summary>Whether a batch is [N, ...shape]. It asks for sizes one by one: the shape as an array costs as much as gathering a small batch.</summary>
    public static bool HasExamplesOf(this Tensor batch, ReadOnlySpan<long> shape)
    {
        var isSame = batch.dim() == shape.Length + 1;
        for (var i = 0; isSame && i < shape.Length; i++)
            isSame = batch.size(i + 1) == shape[i];
        return isSame;
    }
}
