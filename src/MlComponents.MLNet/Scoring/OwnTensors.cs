namespace MlComponents.MLNet;

/// <summary>Keeps what a network is made of out of the caller's dispose scope, which ends before the model does.</summary>
internal static class OwnTensors
{
    /// <summary>Makes something whose tensors belong to no dispose scope, however they were made and wherever it holds them.</summary>
    /// <remarks>A module can't be asked for all of them: TorchSharp's <c>buffers</c> leaves those out that aren't saved, even when told not to.</remarks>
    public static T Of<T>(Func<T> make)
    {
        using var scope = NewDisposeScope();

        var made = make();
        scope.Detach([.. scope.DisposablesView]);
        return made;
    }
}
