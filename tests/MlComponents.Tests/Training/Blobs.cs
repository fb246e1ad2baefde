namespace MlComponents.Tests.Training;

/// <summary>Three clouds of points in the plane: a task that a small network learns in a few epochs.</summary>
internal static class Blobs
{
    public const int Classes = 3;

    public static TensorDataset Create(int rows, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);

        var label = arange(rows).remainder(Classes);                                               // [N]
        var centres = tensor(new float[] { 0, 2, -2, -1, 2, -1 }).view(Classes, 2);
        var features = centres.index_select(0, label) + 0.5 * randn(rows, 2, generator: generator);   // [N, 2]

        return new TensorDataset(features, label);
    }

    public static TrainerOptions Options => new()
    {
        Epochs = 3, BatchSize = 16, Seed = 1, Device = "cpu", Optimizer = new AdamW { LearningRate = 1e-2 },
    };

    public static Mlp Network => new() { Hidden = [8] };
}
