namespace MlComponents.Tests.Training.Optimizers;

[TestClass]
public sealed class OptimizerStateTests
{
    public static IEnumerable<object[]> All => OptimizerExamples.All;

    [TestMethod]
    [DynamicData(nameof(All))]
    public void LoadState_InANewOptimizer_GoesOnToTheBit(OptimizerDefinition definition)
    {
        foreach (var stop in new[] { 2, 7 })   // before the last parameter has a gradient, and after; RAdam's steps change in between
        {
            using var scope = NewDisposeScope();
            var whole = OptimizerExamples.Parameters();
            using var undisturbed = definition.Create(whole);
            OptimizerExamples.Walk(undisturbed, whole, 1, 12);

            var parts = OptimizerExamples.Parameters();
            using var state = new ComponentState();
            using (var first = definition.Create(parts))
            {
                OptimizerExamples.Walk(first, parts, 1, stop);
                first.SaveState(state);
            }
            using var second = definition.Create(parts);
            second.LoadState(state);
            OptimizerExamples.Walk(second, parts, stop + 1, 12);

            foreach (var (expected, actual) in whole.Zip(parts))
                TensorAssert.AreClose(expected.Parameter, actual.Parameter, 0);
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void LoadState_Ignored_GoesElsewhere(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var whole = OptimizerExamples.Parameters();
        using var undisturbed = definition.Create(whole);
        OptimizerExamples.Walk(undisturbed, whole, 1, 12);

        var parts = OptimizerExamples.Parameters();
        using (var first = definition.Create(parts))
            OptimizerExamples.Walk(first, parts, 1, 7);
        using var second = definition.Create(parts);
        OptimizerExamples.Walk(second, parts, 8, 12);

        var differs = whole.Zip(parts).Any(pair => !pair.First.Parameter.Equals(pair.Second.Parameter));
        Assert.AreEqual(definition is not Sgd { Momentum: 0 }, differs, "only plain SGD has nothing to remember");
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Step_GradientsOfZeroForLong_LeavesNoSubnormalState(OptimizerDefinition definition)
    {
        using var scope = NewDisposeScope();
        var parameters = OptimizerExamples.Parameters();
        using var optimizer = definition.Create(parameters);
        for (var step = 0; step < 1100; step++)   // 0.9 to the power of 1000 is 2e-46
        {
            using var temporaries = NewDisposeScope();
            foreach (var (_, parameter) in parameters)
                parameter.grad = full_like(parameter, step == 0 ? 1 : 0);
            optimizer.Step();
        }

        using var state = new ComponentState();
        optimizer.SaveState(state);
        foreach (var (name, tensor) in state.Tensors)
            Assert.IsFalse(((tensor.abs() < Math.Pow(2, -126)) & (tensor != 0)).any().item<bool>(), name);
    }

    [TestMethod]
    [DataRow(ScalarType.Float32, -126)]
    [DataRow(ScalarType.BFloat16, -126)]
    [DataRow(ScalarType.Float64, -1022)]
    public void Flush_NumbersOfAllKinds_SetsSubnormalOnesAlone(ScalarType type, int exponent)
    {
        using var scope = NewDisposeScope();
        var smallest = Math.Pow(2, exponent);
        var numbers = tensor([1, -0.5, smallest / 2, -smallest / 64, 2 * smallest, -2 * smallest, 0, double.NaN, double.NegativeInfinity], type);

        TensorLists.Call("flush", new[] { numbers }, smallest);

        var expected = tensor([1, -0.5, 0, 0, 2 * smallest, -2 * smallest, 0, double.NaN, double.NegativeInfinity], type);
        Assert.IsTrue(expected.bytes.SequenceEqual(numbers.bytes), numbers.str());
    }

    [TestMethod]
    public void SaveState_OfParametersInAnotherOrderAndOtherGroups_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var parameters = OptimizerExamples.Parameters();
        NamedParameter[] reordered = [parameters[2] with { WeightDecay = 0.5 }, parameters[0], parameters[1] with { LearningRateFactor = 2 }];
        using var optimizer = new Adam().Create(parameters);
        using var other = new Adam { Beta1 = 0.8 }.Create(reordered);
        OptimizerExamples.Walk(optimizer, parameters, 1, 5);
        using ComponentState state = new(), again = new();

        optimizer.SaveState(state);
        other.LoadState(state);
        other.SaveState(again);

        CollectionAssert.AreEquivalent(state.Tensors.Keys.ToList(), again.Tensors.Keys.ToList());
        CollectionAssert.AreEquivalent(new[] { "exp_avg.body.weight", "exp_avg.body.bias", "exp_avg.head.weight", "exp_avg_sq.body.weight", "exp_avg_sq.body.bias", "exp_avg_sq.head.weight" },
            again.Tensors.Keys.ToList());
        foreach (var (name, tensor) in state.Tensors)
            TensorAssert.AreClose(tensor, again.Tensors[name], 0);
        Assert.AreEqual("""{"body.bias":5,"body.weight":5,"head.weight":1}""", again.Values["steps"]!.ToJsonString());
    }

    [TestMethod]
    public void LoadState_OfAnotherOptimizer_SaysWhich() => Refuses(
        new Adam(), new AdamW(), parameters => parameters, _ => { },
        "The state is that of the optimizer Adam, and can't go on in AdamW: take the same optimizer.");

    [TestMethod]
    public void LoadState_OfOtherOptions_NamesTheTensor() => Refuses(
        new Sgd { Momentum = 0.9 }, new Sgd(), parameters => parameters, _ => { },
        "The state has a tensor 'momentum_buffer.body.weight', for which there is no use here.");

    [TestMethod]
    public void LoadState_OfFewerParameters_NamesThem() => Refuses(
        new Adam(), new Adam(), parameters => parameters[..1], _ => { },
        "The optimizer's state is that of other parameters: it has none of body.bias, head.weight.");

    [TestMethod]
    public void LoadState_OfMoreParameters_NamesThem() => Refuses(
        new Adam(), new Adam(), parameters => [.. parameters, new("tail", new(ones(2)))], _ => { },
        "The optimizer's state is that of other parameters: it has tail too.");

    [TestMethod]
    public void LoadState_OfAnotherShape_SaysWhich() => Refuses(
        new Adam(), new Adam(), parameters => [.. parameters[..2], new("head.weight", new(ones(18)))], _ => { },
        "The state's tensor 'exp_avg.head.weight' is Float32 [18], but Float32 [17] is needed.");

    [TestMethod]
    public void LoadState_OfAnotherType_SaysWhich() => Refuses(
        new Adam(), new Adam(), _ => OptimizerExamples.Parameters(ScalarType.Float64), _ => { },
        "The state's tensor 'exp_avg.body.weight' is Float64 [4, 3], but Float32 [4, 3] is needed.");

    [TestMethod]
    public void LoadState_OfDamagedCounts_SaysWhich() => Refuses(
        new Adam(), new Adam(), parameters => parameters, state => state.Set("steps", new Dictionary<string, long> { ["body.weight"] = 3, ["body.bias"] = 3, ["head.weight"] = -1 }),
        "The optimizer's state counts -1 steps of the parameter 'head.weight'; allowed is at least 0.");

    /// <summary>Saves the state of one optimizer, and sees that another refuses it and stays as it was.</summary>
    private static void Refuses(
        OptimizerDefinition saved, OptimizerDefinition loading, Func<NamedParameter[], NamedParameter[]> parametersOfSaved, Action<ComponentState> damage, string sentence)
    {
        using var scope = NewDisposeScope();
        var parameters = parametersOfSaved(OptimizerExamples.Parameters());
        using var first = saved.Create(parameters);
        OptimizerExamples.Walk(first, parameters, 1, 3);
        using var state = new ComponentState();
        first.SaveState(state);
        damage(state);
        var others = OptimizerExamples.Parameters();
        using var second = loading.Create(others);
        OptimizerExamples.Walk(second, others, 1, 2);
        using ComponentState before = new(), after = new();
        second.SaveState(before);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => second.LoadState(state));

        Assert.AreEqual(sentence, error.Message);
        second.SaveState(after);
        Assert.AreEqual(before.Values["steps"]!.ToJsonString(), after.Values["steps"]!.ToJsonString());
        foreach (var (name, tensor) in before.Tensors)
            TensorAssert.AreClose(tensor, after.Tensors[name], 0);
    }
}
