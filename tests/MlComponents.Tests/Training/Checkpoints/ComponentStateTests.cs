namespace MlComponents.Tests.Training.Checkpoints;

[TestClass]
public sealed class ComponentStateTests
{
    [TestMethod]
    [DataRow("a")]
    [DataRow("a/b")]
    [DataRow("~0/~1~")]
    [DataRow("../..")]
    public void Split_OfAPath_GivesWhatItWasMadeOf(string name) => Assert.AreEqual((StatePath.Of("", "x/y"), name), StatePath.Split(StatePath.Of(StatePath.Of("", "x/y"), name)));

    [TestMethod]
    public void AllTensors_OfNamesThatLookLikeSections_HavePathsOfTheirOwn()
    {
        using var scope = NewDisposeScope();
        using var state = new ComponentState();
        state.Set("a/b", zeros(1));
        state.Section("a").Set("b", ones(1));

        var paths = state.AllTensors().Select(pair => pair.Key).ToArray();

        CollectionAssert.AreEquivalent(new[] { "a~1b", "a/b" }, paths);
    }

    [TestMethod]
    public void Of_ATensorOfNoSection_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var state = new ComponentState();
        state.Set("x", 1);

        var e = Assert.ThrowsExactly<InvalidDataException>(() => ComponentState.Of(state.AllValues(), new Dictionary<string, Tensor> { ["there/x"] = ones(1) }));

        StringAssert.Contains(e.Message, "The tensor 'there/x' belongs to no section of the state", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Set_OfATensor_KeepsACopyOutsideOfScopes()
    {
        using var state = new ComponentState();
        using var tensor = zeros(2);
        using (NewDisposeScope())
        {
            state.Set("x", tensor);
            state.Set("x", tensor.add(1));
        }
        tensor.add_(5);

        TensorAssert.AreClose(ones(2), state.Tensors["x"], 0);
    }
}
