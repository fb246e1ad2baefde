using System.Text.Json;

namespace MlComponents.Tests.Weights.PyTorch;

/// <summary>Files that cross to a real PyTorch and back.</summary>
[TestClass]
[RequiresPyTorch]
public sealed class PyTorchInterchangeTests
{
    public TestContext TestContext { get; set; } = null!;

    private string Folder => Directory.CreateDirectory(Path.Combine(TestContext.TestRunDirectory!, TestContext.TestName!)).FullName;

    [TestMethod]
    [DataRow("zip")]
    [DataRow("legacy")]
    public async Task StateDict_OfAConvNet_LoadsStrictlyInPyTorchAndComesBack(string layout)
    {
        const string Definition = """
            {"shape": [2, 9, 8], "outputs": 3, "hidden": 6, "activation": "gelu", "blocks": [
              {"channels": 4, "convolutions": 2, "kernelSize": 3, "normalization": {"name": "batch-norm"}, "pool": 2},
              {"channels": 3, "convolutions": 1, "kernelSize": 5, "normalization": {"name": "none"}, "pool": 2}]}
            """;
        var paths = new[] { "definition.json", "weights.pth", "input.pth", "output.pth", "again.pth" }.Select(name => Path.Combine(Folder, name)).ToArray();
        using var network = Network(Definition);
        using var again = Network(Definition);
        using var x = manual_seed(3) is null ? empty(0) : randn(5, 2, 9, 8);
        using (no_grad())
            network.call(x);   // moves the running statistics
        network.eval();
        File.WriteAllText(paths[0], Definition);
        StateDict.Save(network, paths[1]);
        PyTorchFile.Write(paths[2], new Dictionary<string, Tensor> { ["x"] = x });

        var outcome = await PythonProcess.RunAsync(Path.Combine(Repository.Root, "tests", "fixtures", "load_convnet.py"), [.. paths, layout]);

        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        using var scope = NewDisposeScope();
        TensorAssert.AreClose(PyTorchFile.Read(paths[3])["y"], network.call(x), 1e-4);
        Assert.IsTrue(StateDict.Load(again, paths[4]).IsComplete);
        foreach (var (name, tensor) in network.state_dict())
            Assert.AreEqual(WeightFixtures.Bits(tensor), WeightFixtures.Bits(again.state_dict()[name]), name);
    }

    [TestMethod]
    [DataRow("plain", 0u)]
    [DataRow("restricted", uint.MaxValue)]
    public async Task Write_OfEveryType_IsReadByPyTorchBitForBit(string how, uint wideFrom)
    {
        var path = Path.Combine(Folder, "weights.pth");
        using var scope = NewDisposeScope();
        var tensors = PyTorchFile.Read(WeightFixtures.Path("types.pth"));
        foreach (var (name, tensor) in PyTorchFile.Read(WeightFixtures.Path("views.pth")))
            tensors.Add($"views/{name} ✓", tensor);
        using (var stream = File.Create(path))
            PyTorchWriter.Write(stream, TensorBytes.Sorted(tensors), wideFrom);

        var outcome = await PythonProcess.RunAsync(Path.Combine(Repository.Root, "tests", "fixtures", "echo_weights.py"), path, how);

        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        using var read = JsonDocument.Parse(outcome.Output);
        WeightFixtures.AssertEqual(read.RootElement, tensors, how);
    }

    private static nn.Module<Tensor, Tensor> Network(string definition)
    {
        using var json = JsonDocument.Parse(definition);
        var root = json.RootElement;
        var network = ComponentJson.Read<NetworkDefinition>(
            $$"""{"name": "convnet", "blocks": {{root.GetProperty("blocks")}}, "hidden": {{root.GetProperty("hidden")}}, "activation": {{root.GetProperty("activation").GetRawText()}}}""");
        return (nn.Module<Tensor, Tensor>)network.Create(NetworkContext.Of([2, 9, 8], outputs: 3));
    }
}
