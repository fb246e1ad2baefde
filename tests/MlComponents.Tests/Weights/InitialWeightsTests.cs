using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MlComponents.Tests.Training;

namespace MlComponents.Tests.Weights;

[TestClass]
public sealed class InitialWeightsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow("weights.safetensors")]
    [DataRow("weights.pth")]
    public void Fit_FromAFile_BeginsWithItsWeights(string file)
    {
        var path = Save(file);
        byte[]? begin = null;
        var options = Options with { InitialWeights = new(path), Seed = 77, Callbacks = [new LambdaCallback { OnTrainStart = e => begin = TrainerTests.Bits(e.Run.Network) }] };

        using var result = Fit(options);

        using var saved = Blobs.Network.Create(NetworkContext.Of([2], Blobs.Classes));
        StateDict.Load(saved, path);
        CollectionAssert.AreEqual(TrainerTests.Bits(saved), begin);
    }

    [TestMethod]
    public void Fit_FromACheckpointsFolder_BeginsWithItsWeights()
    {
        Save("step-00000010/weights.safetensors");
        byte[]? begin = null;
        var options = Options with { InitialWeights = new(In("step-00000010")), Callbacks = [new LambdaCallback { OnTrainStart = e => begin = TrainerTests.Bits(e.Run.Network) }] };

        using var result = Fit(options with { Seed = 77 });

        using var random = Fit(options with { InitialWeights = null, Seed = 77, Epochs = 1 });
        Assert.IsNotNull(begin);
        CollectionAssert.AreNotEqual(TrainerTests.Bits(random.Network), TrainerTests.Bits(result.Network));
    }

    [TestMethod]
    public void Fit_WithANewHeadAndAFrozenBody_MovesTheHeadAloneAndLearns()
    {
        var path = Save("body.safetensors", Options with { Epochs = 5 });
        var warnings = new List<string>();
        var options = Options with
        {
            Epochs = 4, Optimizer = new AdamW { LearningRate = 5e-2 }, InitialWeights = new(path) { Strict = false }, Freeze = [new("layers.linear1.*")],
            Callbacks = [new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }],
        };
        using var training = TwoClasses(160, seed: 3);
        using var validation = TwoClasses(90, seed: 4);

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(2), training, validation);

        using var scope = NewDisposeScope();
        var saved = WeightFile.Read(path);
        var tuned = result.Network.state_dict();
        foreach (var name in new[] { "layers.linear1.weight", "layers.linear1.bias" })
            Assert.IsTrue(saved[name].bytes.SequenceEqual(tuned[name].bytes), name);
        Assert.IsGreaterThan(0.97, result.History[^1].Metrics["validation/accuracy"]);
        Assert.AreEqual(
            $"2 tensors of the initial weights '{path}' were loaded; the rest doesn't fit: layers.output.bias is [3], but the network has [2]; "
            + "layers.output.weight is [3, 8], but the network has [2, 8].",
            warnings.Single());
    }

    [TestMethod]
    public void Fit_FromRenamedWeights_NeedsTheRules()
    {
        var path = Save("prefixed.pth", prefix: "module.stem");
        var renaming = new InitialWeights(path) { Renaming = [new RenamePrefix("module."), new RenamePattern("^stemlayers", "layers")] };

        using var result = Fit(Options with { InitialWeights = renaming });

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(Options with { InitialWeights = new(path) }).Dispose());
        StringAssert.Contains(error.Message, "missing are layers.linear1.bias");
    }

    [TestMethod]
    public void Fit_WhenNothingFits_IsAnErrorEvenIfItNeedNotBeStrict()
    {
        var path = Save("prefixed.pth", prefix: "other.");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(Options with { InitialWeights = new(path) { Strict = false } }).Dispose());

        StringAssert.Contains(error.Message, $"Not one tensor of the initial weights '{path}' fits the network");
    }

    [TestMethod]
    public void Fit_FromAMissingFile_SaysSoBeforeTheFirstStep()
    {
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => Fit(Options with { InitialWeights = new(In("none.pth")) }).Dispose());

        StringAssert.Contains(error.Message, $"The initial weights '{In("none.pth")}' aren't there");
    }

    [TestMethod]
    public void Fit_FromADamagedFile_NamesIt()
    {
        var path = Save("weights.safetensors");
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 1);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(Options with { InitialWeights = new(path) }).Dispose());

        StringAssert.StartsWith(error.Message, path);
    }

    [TestMethod]
    public void Fit_WithAKey_ReadsTheTensorsThere()
    {
        var path = Save("weights.safetensors");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(Options with { InitialWeights = new(path) { Key = "model" } }).Dispose());

        StringAssert.Contains(error.Message, "no key 'model'");
    }

    [TestMethod]
    public void Options_AsJson_ComeBackTheSame()
    {
        var weights = new InitialWeights("a.pth") { Key = "model", Strict = false, Renaming = [new RenamePrefix("module."), new RenamePattern("a", "b")] };
        var options = ComponentJson.Options();

        var json = JsonSerializer.Serialize(weights, options);
        var again = JsonSerializer.Deserialize<InitialWeights>(json, options)!;

        StringAssert.Contains(json, """{"rule":"prefix","prefix":"module.","replacement":""}""");
        Assert.AreEqual(weights with { Renaming = again.Renaming }, again);
        CollectionAssert.AreEqual(weights.Renaming.ToArray(), again.Renaming.ToArray());
    }

    [TestMethod]
    public void ToJson_OfOptionsWithACodedRule_LeavesTheWeightsOut()
    {
        var options = Options with { InitialWeights = new("a.pth") { Renaming = [new Coded()] } };

        Assert.DoesNotContain("initialWeights", options.ToJson());
        Assert.Contains("initialWeights", (options with { InitialWeights = new("a.pth") }).ToJson());
    }

    [TestMethod]
    public void Validate_OfAnEmptyPath_RefusesIt() =>
        StringAssert.Contains(Assert.ThrowsExactly<ValidationException>((Options with { InitialWeights = new("") }).Validate).Message, "InitialWeights.Path");

    private static TrainerOptions Options => Blobs.Options with { Epochs = 1 };

    private string In(string name) => Path.Combine(folder, name);

    private static TrainingResult Fit(TrainerOptions options)
    {
        using var training = Blobs.Create(160, seed: 1);
        return new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
    }

    /// <summary>Writes the weights of a trained network.</summary>
    private string Save(string file, TrainerOptions? options = null, string prefix = "")
    {
        using var result = Fit(options ?? Options);
        WeightFile.Write(In(file), result.Network.state_dict().ToDictionary(pair => prefix + pair.Key, pair => pair.Value));
        return In(file);
    }

    /// <summary>The clouds of the first two classes.</summary>
    private static TensorDataset TwoClasses(int rows, int seed)
    {
        using var scope = NewDisposeScope();
        using var all = Blobs.Create(rows, seed);
        using var batch = all.Gather([.. Enumerable.Range(0, rows).Where(i => i % 3 < 2).Select(i => (long)i)]);
        return new(batch.Features.clone(), batch.Label.clone());
    }

    private sealed record Coded : RenamingRule
    {
        public override string Apply(string name) => name;
    }
}
