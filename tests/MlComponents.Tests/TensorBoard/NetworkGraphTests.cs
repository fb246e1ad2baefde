namespace MlComponents.Tests.TensorBoards;

[TestClass]
public sealed class NetworkGraphTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Graph_OfNestedModules_HasTheirPathsShapesAndEdges()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("body", nn.Sequential(("0", nn.Linear(4, 8)), ("1", nn.ReLU()))), ("head", nn.Linear(8, 2)));

        var nodes = Draw(writer => writer.Graph(network, zeros(5, 4)));

        CollectionAssert.AreEqual(
            new[]
            {
                "input: Placeholder [-1, 4] <- ",
                "body/0: Linear [-1, 8] <- input",
                "body/1: ReLU [-1, 8] <- body/0",
                "body/output: Sequential [-1, 8] <- body/1",
                "head: Linear [-1, 2] <- body/output",
                "output: Sequential [-1, 2] <- head",
            },
            nodes.Select(Show).ToArray());
        Assert.AreEqual(4 * 8 + 8, nodes[1].Map(5)["parameters"].Int(3));
        Assert.IsFalse(nodes[2].Map(5).ContainsKey("parameters"));
    }

    [TestMethod]
    public void Graph_OfASkip_LeadsFromWhatEachModuleReads()
    {
        using var scope = NewDisposeScope();
        using var network = new Skip();

        var nodes = Draw(writer => writer.Graph(network, zeros(1, 3)));

        CollectionAssert.AreEqual(
            new[]
            {
                "input: Placeholder [-1, 3] <- ",
                "left: Linear [-1, 3] <- input",
                "right: Linear [-1, 3] <- input",
                "right_1: Linear [-1, 3] <- left",
                "output: Skip [-1, 3] <- right_1",
            },
            nodes.Select(Show).ToArray());
    }

    [TestMethod]
    public void Graph_OfAResNet_HasEveryModuleThatIsCalledWithTheShapeOfItsDescription()
    {
        var definition = new ResNet { Width = 8, Stem = ResNetStem.Cifar };
        var context = NetworkContext.Of([3, 16, 16], outputs: 5);
        var description = definition.Describe(context);

        var nodes = Draw(writer => writer.Graph(definition, context)).ToDictionary(node => node.Text(1));

        foreach (var part in description.Parts.Where(part => part.OutputShape is not null && part.Path.Length > 0))
        {
            var path = part.Path.Replace('.', '/');
            var node = nodes.TryGetValue(path, out var leaf) ? leaf : nodes[$"{path}/output"];
            Assert.AreEqual(part.Kind.Split('`')[0], node.Text(2));
            CollectionAssert.AreEqual(new long[] { -1 }.Concat(part.OutputShape!).ToArray(), Shape(node), part.Path);
        }
        Assert.IsTrue(nodes.Values.All(node => node.Texts(3).All(nodes.ContainsKey)), "an edge from nowhere");
        Assert.AreEqual(description.Parameters, nodes.Values.Sum(node => node.Map(5).TryGetValue("parameters", out var count) ? count.Int(3) : 0));
        CollectionAssert.AreEqual(new[] { "features" }, nodes.Values.Where(node => node.Texts(3).Count == 0).Select(node => node.Text(1)).ToArray());
        Assert.IsEmpty(nodes.Keys.Where(name => nodes.Keys.Any(other => other.StartsWith($"{name}/", StringComparison.Ordinal))).ToList(), "a node that is a scope too");
    }

    [TestMethod]
    public void Graph_LeavesNoHooks()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(2, 2);

        var first = Draw(writer => writer.Graph(network, zeros(1, 2)));
        var second = Draw(writer => writer.Graph(network, zeros(1, 2)));

        Assert.HasCount(2, first);
        Assert.HasCount(4, second);   // of both files
    }

    [TestMethod]
    public void Graph_OfTooManyInputs_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(2, 2);
        using var writer = new TensorBoardWriter(folder);

        var e = Assert.ThrowsExactly<ArgumentException>(() => writer.Graph(network, zeros(1, 2), zeros(1, 2), zeros(1, 2)));

        StringAssert.Contains(e.Message, "with 3 inputs it must be a Module from 3 tensors to one");
    }

    private IReadOnlyList<WireMessage> Draw(Action<TensorBoardWriter> draw)
    {
        using (var writer = new TensorBoardWriter(folder))
            draw(writer);
        return [.. EventFiles.Of(folder).SelectMany(EventFiles.Read).Where(e => e.Has(4)).SelectMany(e => e.Message(4).Messages(1))];
    }

    private static string Show(WireMessage node) => $"{node.Text(1)}: {node.Text(2)} [{string.Join(", ", Shape(node))}] <- {string.Join(", ", node.Texts(3))}";

    private static long[] Shape(WireMessage node) => [.. node.Map(5)["_output_shapes"].Message(1).Messages(7).Single().Messages(2).Select(dim => dim.Int(1))];

    private sealed class Skip : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear left = nn.Linear(3, 3);
        private readonly TorchSharp.Modules.Linear right = nn.Linear(3, 3);

        public Skip() : base(nameof(Skip)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            var a = left.call(x);
            return x + right.call(x) + right.call(a);
        }
    }
}
