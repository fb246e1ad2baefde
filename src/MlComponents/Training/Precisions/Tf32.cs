namespace MlComponents;

/// <summary>Allows or forbids tf32 for a run, for products of matrices and for cuDNN's convolutions, and puts back what was before. The process has one setting.</summary>
internal sealed class Tf32 : IDisposable
{
    private readonly bool matrices = backends.cuda.matmul.allow_tf32;
    private readonly bool convolutions = backends.cudnn.allow_tf32;

    public Tf32(bool allow) => Set(allow, allow);

    public void Dispose() => Set(matrices, convolutions);

    private static void Set(bool matrices, bool convolutions)
    {
        backends.cuda.matmul.allow_tf32 = matrices;
        backends.cudnn.allow_tf32 = convolutions;
    }
}
