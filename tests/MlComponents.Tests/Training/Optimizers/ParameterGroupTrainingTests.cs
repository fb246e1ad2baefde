namespace MlComponents.Tests.Training.Optimizers;

/// <summary>The options of groups reach the weights through a whole run.</summary>
[TestClass]
public sealed class ParameterGroupTrainingTests
{
    [TestMethod]
    public void Fit_WithAGroupThatDoesNotLearn_LeavesIt()
    {
        using var scope = NewDisposeScope();
        var before = Train(Blobs.Options with { MaxSteps = 1, Optimizer = new Sgd { LearningRate = 1e-30 } });   // the initial weights: too little to move anything

        var after = Train(Blobs.Options with { ParameterGroups = [new("*.bias") { LearningRateFactor = 0 }] });

        foreach (var (name, initial) in before)
            Assert.AreEqual(name.EndsWith(".bias", StringComparison.Ordinal), initial.Equals(after[name]), name);
    }

    [TestMethod]
    public void Fit_WithoutDecayOfBiases_EqualsAGroupThatSaysSo()
    {
        using var scope = NewDisposeScope();
        var options = Blobs.Options with { Optimizer = new AdamW { LearningRate = 1e-2, WeightDecay = 0.5 } };

        var all = Train(options);
        var spared = Train(options with { DecayBiasesAndNorms = false });
        var grouped = Train(options with { ParameterGroups = [new("*.bias") { WeightDecay = 0 }] });

        foreach (var (name, weights) in spared)
        {
            TensorAssert.AreClose(weights, grouped[name], 0);
            Assert.IsFalse(weights.Equals(all[name]), name);
        }
    }

    [TestMethod]
    public void Fit_WithAPatternThatMeansNothing_IsRefusedBeforeTheFirstStep()
    {
        var told = 0;
        var options = Blobs.Options with { ParameterGroups = [new("nothing.*")], Callbacks = [new LambdaCallback { OnStepStart = _ => told++ }] };

        var error = Assert.ThrowsExactly<ArgumentException>(() => Train(options));

        Assert.StartsWith("The pattern 'nothing.*' means none of the parameters", error.Message);
        Assert.AreEqual(0, told);
    }

    private static Dictionary<string, Tensor> Train(TrainerOptions options)
    {
        using var training = Blobs.Create(48, seed: 1);
        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
        return result.Network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
    }
}
