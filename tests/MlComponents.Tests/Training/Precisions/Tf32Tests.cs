namespace MlComponents.Tests.Training.Precisions;

/// <summary>The switches are there without a GPU too; what they change isn't.</summary>
[TestClass]
[DoNotParallelize]
public sealed class Tf32Tests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Fit_WithAllowTf32_HasItDuringTheRunAndPutsBackWhatWas(bool allow)
    {
        using var training = Blobs.Create(32, seed: 1);
        var before = Current;
        List<(bool, bool)> during = [];
        var options = Blobs.Options with { Epochs = 1, AllowTf32 = allow, Callbacks = [new LambdaCallback { OnStepEnd = _ => during.Add(Current) }] };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        CollectionAssert.AreEqual(new[] { (allow, allow), (allow, allow) }, during);
        Assert.AreEqual(before, Current);
    }

    [TestMethod]
    public void Fit_EndedByAnError_PutsBackWhatWas()
    {
        using var training = Blobs.Create(32, seed: 1);
        var before = Current;
        var options = Blobs.Options with { AllowTf32 = true, Callbacks = [new LambdaCallback { OnStepEnd = _ => throw new InvalidOperationException() }] };

        Assert.ThrowsExactly<InvalidOperationException>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training));

        Assert.AreEqual(before, Current);
    }

    private static (bool Matrices, bool Convolutions) Current => (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
}
