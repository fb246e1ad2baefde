using System.Text;

namespace MlComponents.MLNet.Tests.Models;

[TestClass]
public sealed class ModelFileTests
{
    private static readonly string[] OurEntries = [ModelFile.DefinitionName, ModelFile.WeightsName];

    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("models-").FullName;

    private string ModelPath => Path.Combine(folder, "model.zip");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public async Task Load_InAnotherProcess_GivesTheSameBits()
    {
        var expected = Expected(Save(Blobs.Pipeline(ml).Fit(Blobs.View(ml))));

        var (exitCode, lines, error) = await ScoreProbeProcess.RunAsync(ModelPath);

        Assert.AreEqual(0, exitCode, error);
        CollectionAssert.AreEqual(expected, lines);
    }

    [TestMethod]
    public async Task Load_OfAUsersNetworkInAnotherProcess_GivesTheSameBitsOnceItIsRegistered()
    {
        ComponentRegistry.Default.AddAssembly(typeof(SkipNetwork).Assembly);
        var expected = Expected(Save(Blobs.Pipeline(ml, new SkipNetwork { Width = 5 }).Fit(Blobs.View(ml))));

        var registered = await ScoreProbeProcess.RunAsync(ModelPath, "register");
        var unregistered = await ScoreProbeProcess.RunAsync(ModelPath);

        Assert.AreEqual(0, registered.ExitCode, registered.Error);
        CollectionAssert.AreEqual(expected, registered.Lines);
        Assert.AreNotEqual(0, unregistered.ExitCode);
        StringAssert.Contains(unregistered.Error, "There is no network named 'skip-network'", StringComparison.Ordinal);
        StringAssert.Contains(unregistered.Error, "ComponentRegistry.Default.Add<MyNetwork>(\"skip-network\")", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Load_OfEveryTask_GivesTheSameScoresAndSchema()
    {
        ITransformer[] models =
        [
            ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(Blobs.Keyed(ml)),
            ml.BinaryClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "IsRed" }).Fit(Blobs.Keyed(ml)),
            ml.Regression.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "Sum" }).Fit(Blobs.Keyed(ml)),
        ];

        foreach (var model in models)
        {
            Save(model);
            var loaded = Load();
            CollectionAssert.AreEqual(ScoreText.Of(model.Transform(Blobs.Keyed(ml))).ToArray(), ScoreText.Of(loaded.Transform(Blobs.Keyed(ml))).ToArray());
            CollectionAssert.AreEqual(
                model.GetOutputSchema(Blobs.Keyed(ml).Schema).Select(Described).ToArray(), loaded.GetOutputSchema(Blobs.Keyed(ml).Schema).Select(Described).ToArray());
        }
    }

    [TestMethod]
    public void Load_OfAFittedModel_KnowsHowItWasTrained()
    {
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { ValidationFraction = 0.25, Seed = 7, Metrics = [new Accuracy(), new F1 { Average = ClassAverage.Micro }] }).Fit(Blobs.Keyed(ml));
        Save(model);

        var loaded = ((TorchTransformer)Load()).Model;

        Assert.AreEqual(7, loaded.Seed);
        Assert.HasCount(15, loaded.History);
        Assert.AreEqual(model.Model.History[14].Metrics["validation/accuracy"], loaded.History[14].Metrics["validation/accuracy"]);
        CollectionAssert.AreEqual(new[] { 16 }, ((Mlp)loaded.Definition).Hidden.ToArray());
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, loaded.LabelNames.ToArray());
        Assert.AreEqual(0.25, loaded.Options.ValidationFraction);
        CollectionAssert.AreEqual(new MetricDefinition[] { new Accuracy(), new F1 { Average = ClassAverage.Micro } }, loaded.Options.Metrics!.ToArray());
        Assert.AreEqual(0.02, loaded.Options.Optimizer.LearningRate);
    }

    [TestMethod]
    public void Save_OfALoadedModel_GivesTheSameModelAgain()
    {
        var model = Save(Blobs.Pipeline(ml).Fit(Blobs.View(ml)));
        var definition = ZipPart.Read(ModelPath, ModelFile.DefinitionName);

        Save(Load());

        CollectionAssert.AreEqual(definition, ZipPart.Read(ModelPath, ModelFile.DefinitionName));
        CollectionAssert.AreEqual(Expected(model), Expected(Load()));
    }

    [TestMethod]
    public void Load_OfKeysThatStandForNumbers_GivesThemBack()
    {
        var rows = ml.Transforms.Conversion.MapValueToKey("Key", "Weight").Fit(Blobs.View(ml)).Transform(Blobs.View(ml));
        var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "Key" })
            .Append(ml.Transforms.Conversion.MapKeyToValue("Value", "PredictedLabel")).Fit(rows);

        Save(model);

        var values = Load().Transform(rows).GetColumn<float>("Value").Distinct().ToList();
        CollectionAssert.IsSubsetOf(values, new[] { 1f, 2f });
    }

    [TestMethod]
    public void Load_AfterAnyBitOfOurPartWasFlipped_Fails()
    {
        Save(ml.MulticlassClassification.Trainers.Torch(new Mlp { Hidden = [4] }, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml)));

        foreach (var name in OurEntries)
        {
            var original = ZipPart.Read(ModelPath, name);
            var random = new Random(1);
            var bits = Enumerable.Range(0, 40).Select(_ => random.Next(original.Length * 8)).Concat([0, 7, original.Length * 8 - 1]).Concat(Enumerable.Range(1, 70).Select(i => (original.Length - i) * 8 + 5).Where(bit => bit >= 0));
            foreach (var bit in bits.Distinct())
            {
                var changed = (byte[])original.Clone();
                changed[bit / 8] ^= (byte)(1 << bit % 8);
                ZipPart.Replace(ModelPath, name, changed);

                var e = Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _), $"{name}, bit {bit}");
                StringAssert.Contains(e.Message, "damaged or has been changed", StringComparison.Ordinal);
            }
            ZipPart.Replace(ModelPath, name, original);
        }
        Load();
    }

    [TestMethod]
    public void Load_AfterAnyBitOfTheFileWasFlipped_FailsOrGivesTheSameScores()
    {
        using var model = ml.MulticlassClassification.Trainers.Torch(new Mlp { Hidden = [4] }, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml));
        ml.Model.SaveAtomically(model, null, ModelPath);
        var expected = ScoreText.Of(model.Transform(Blobs.Keyed(ml))).ToArray();
        var original = File.ReadAllBytes(ModelPath);
        var random = new Random(2);

        for (var i = 0; i < 150; i++)
        {
            var changed = (byte[])original.Clone();
            var bit = random.Next(changed.Length * 8);
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(ModelPath, changed);
            ITransformer loaded;
            try
            {
                loaded = Load();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                continue;
            }
            CollectionAssert.AreEqual(expected, ScoreText.Of(loaded.Transform(Blobs.Keyed(ml))).ToArray(), $"bit {bit}");
        }
    }

    [TestMethod]
    public void Load_OfSizesThatContradictEachOther_Fails()
    {
        Save(ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml)));
        var definition = ModelFile.ReadDefinition(new MemoryStream(ZipPart.Read(ModelPath, ModelFile.DefinitionName)));
        ModelDefinition[] contradictions =
        [
            definition with { Outputs = 0 }, definition with { Outputs = 4 }, definition with { InputShape = [5] }, definition with { InputShape = [-4] },
            definition with { FeatureDimensions = [2] }, definition with { ScoringBatchSize = 0 }, definition with { Task = "dreaming" },
            definition with { LabelValueType = "colour" }, definition with { LabelValueType = "int32" }, definition with { NetworkType = ScalarType.Int64 },
        ];

        foreach (var contradiction in contradictions)
        {
            ZipPart.Replace(ModelPath, ModelFile.DefinitionName, SealedJson.Write(contradiction));
            Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _), contradiction.ToString());
        }
    }

    [TestMethod]
    [DataRow("cut")]
    [DataRow("extended")]
    [DataRow("empty")]
    public void Load_OfAnEntryOfAnotherLength_Fails(string change)
    {
        Save(ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml)));

        foreach (var name in OurEntries)
        {
            var original = ZipPart.Read(ModelPath, name);
            byte[] changed = change switch { "cut" => original[..^10], "empty" => [], _ => [.. original, .. new byte[10]] };
            ZipPart.Replace(ModelPath, name, changed);
            Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _));
            ZipPart.Replace(ModelPath, name, original);
        }
    }

    [TestMethod]
    public void Load_WithoutOneOfOurEntries_SaysWhichIsMissing()
    {
        var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml));

        foreach (var name in OurEntries)
        {
            Save(model);
            ZipPart.Delete(ModelPath, name);
            var e = Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _));
            StringAssert.Contains(e.Message, $"no entry '{name}'", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void Load_OfANewerFormat_AsksForANewerVersion()
    {
        Save(ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml)));
        var definition = ModelFile.ReadDefinition(new MemoryStream(ZipPart.Read(ModelPath, ModelFile.DefinitionName)));
        ZipPart.Replace(ModelPath, ModelFile.DefinitionName, SealedJson.Write(definition with { Format = 2 }));

        var e = Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _));

        StringAssert.Contains(e.Message, "is of format version 2, but this version of MlComponents reads versions up to 1", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Definition_OfASavedModel_NamesNoType()
    {
        Save(ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml)));

        var text = Encoding.UTF8.GetString(ZipPart.Read(ModelPath, ModelFile.DefinitionName));

        StringAssert.Contains(text, "\"name\":\"mlp\"", StringComparison.Ordinal);
        Assert.DoesNotContain("MlComponents", text, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Save_OfTheSameFitTwice_GivesTheSameEntries()
    {
        var trainer = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options);
        Save(trainer.Fit(Blobs.Keyed(ml)));
        var first = ZipPart.Read(ModelPath, ModelFile.WeightsName);

        Save(trainer.Fit(Blobs.Keyed(ml)));

        CollectionAssert.AreEqual(first, ZipPart.Read(ModelPath, ModelFile.WeightsName));
    }

    [TestMethod]
    public void Save_OfComponentsThatArentRegistered_WarnsAndReadsTheDefaultsBack()
    {
        var options = Blobs.Options with
        {
            Epochs = 1, ValidationFraction = 0.1, Optimizer = new OwnOptimizer(), Schedule = new OwnSchedule(), Callbacks = [new LambdaCallback(), new EarlyStopping()],
            Average = new OwnAverage(), Augmentations = [new OwnAugmentation(), new MixUp()], Metrics = [new OwnMetric(), new F1()],
        };
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options).Fit(Blobs.Keyed(ml));
        var warnings = new List<string>();
        ml.Log += (_, e) => { if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };

        Save(model);
        var loaded = (TorchTransformer)Load();
        Save(loaded);

        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "with which Optimizer (OwnOptimizer), Schedule (OwnSchedule), Average (OwnAverage), Augmentations (OwnAugmentation) the model was trained", StringComparison.Ordinal);
        Assert.AreEqual(new AdamW(), loaded.Model.Options.Optimizer);
        Assert.AreEqual(new Constant(), loaded.Model.Options.Schedule);
        Assert.IsNull(loaded.Model.Options.Average);
        Assert.AreEqual(new MixUp(), loaded.Model.Options.Augmentations.Single());
        Assert.IsInstanceOfType<EarlyStopping>(loaded.Model.Options.Callbacks.Single());
        Assert.AreEqual(new F1(), loaded.Model.Options.Metrics!.Single());
        Assert.IsGreaterThan(1 / 3.0, model.Model.History[0].Metrics["validation/confidence"]);
        Assert.AreEqual(1, loaded.Model.Options.Epochs);
    }

    [TestMethod]
    public void Save_OfALossWithATermThatIsntRegistered_WarnsAndLeavesTheLossOut()
    {
        var loss = new WeightedSum { Terms = [new() { Term = "plain", Loss = new CrossEntropy() }, new() { Term = "own", Loss = new OwnLoss() }] };
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1, Loss = loss }).Fit(Blobs.Keyed(ml));
        var warnings = new List<string>();
        ml.Log += (_, e) => { if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };

        Save(model);

        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "with which Loss (WeightedSum) the model was trained", StringComparison.Ordinal);
        using var loaded = (TorchTransformer)Load();
        Assert.IsNull(loaded.Model.Options.Loss);
        CollectionAssert.AreEqual(Expected(model), Expected(loaded));
    }

    [TestMethod]
    public void Save_OfRegisteredComponents_WarnsOfNothing()
    {
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(Blobs.Keyed(ml));
        var warnings = 0;
        ml.Log += (_, e) => warnings += e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? 1 : 0;

        Save(model);

        Assert.AreEqual(0, warnings);
    }

    [TestMethod]
    public void Save_WhileTheModelIsDisposed_WritesItWhole()
    {
        var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Schedule = new OwnSchedule() }).Fit(Blobs.Keyed(ml));
        var expected = ScoreText.Of(model.Transform(Blobs.Keyed(ml))).ToArray();
        ml.Log += (_, e) => { if (e.RawMessage.Contains("OwnSchedule", StringComparison.Ordinal)) model.Dispose(); };   // between two steps of saving

        Save(model);

        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Transform(Blobs.Keyed(ml)));
        CollectionAssert.AreEqual(expected, ScoreText.Of(Load().Transform(Blobs.Keyed(ml))).ToArray());
    }

    [TestMethod]
    public void SaveAtomically_OfAFunction_SaysWhatIsMissingAndLeavesNothing()
    {
        using var model = ml.MulticlassClassification.Trainers
            .Torch(context => nn.Sequential(nn.Linear(context.InputSize, context.Outputs)), Blobs.Options).Fit(Blobs.Keyed(ml));

        var e = Assert.ThrowsExactly<ComponentException>(() => ml.Model.SaveAtomically(model, null, ModelPath));

        StringAssert.Contains(e.Message, "handed over as a function", StringComparison.Ordinal);
        Assert.IsEmpty(Directory.GetFiles(folder));
    }

    [TestMethod]
    public void SaveAtomically_OverAModel_KeepsTheOldOneWhenItFails()
    {
        Save(ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml)));
        var before = File.ReadAllBytes(ModelPath);
        using var function = ml.Regression.Trainers
            .Torch(context => nn.Linear(context.InputSize, context.Outputs), Blobs.Options with { LabelColumnName = "Sum", Epochs = 1 }).Fit(Blobs.View(ml));

        Assert.ThrowsExactly<ComponentException>(() => ml.Model.SaveAtomically(function, null, ModelPath));

        CollectionAssert.AreEqual(before, File.ReadAllBytes(ModelPath));
        Assert.HasCount(1, Directory.GetFiles(folder));
    }

    /// <summary>Of the user's own, and registered nowhere.</summary>
    private sealed record OwnAverage : WeightAverageDefinition
    {
        public override string MetricPrefix => "own";

        public override WeightAverage Create(nn.Module network) => new ExponentialMovingAverage().Create(network);
    }

    private sealed record OwnAugmentation : AugmentationDefinition
    {
        public override Augmentation Create(IReadOnlyDictionary<string, long[]> shapes) => new Nothing();

        private sealed class Nothing : Augmentation
        {
            public override Batch Apply(Batch batch, ExampleRandom random) => batch;
        }
    }

    private sealed record OwnSchedule : ScheduleDefinition
    {
        public override double Factor(SchedulePosition position) => 1;
    }

    /// <summary>Of the user's own, and registered nowhere.</summary>
    private sealed record OwnOptimizer : OptimizerDefinition
    {
        public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new Sgd { LearningRate = LearningRate }.Create(parameters);
    }

    /// <summary>Of the user's own, and registered nowhere.</summary>
    private sealed record OwnLoss : LossDefinition
    {
        public override Loss Create(long outputs) => new CrossEntropy().Create(outputs);
    }

    /// <summary>Of the user's own, and registered nowhere: how sure the network is.</summary>
    private sealed record OwnMetric : MetricDefinition
    {
        public override Metric Create(long outputs) => new Confidence();

        private sealed class Confidence() : WeightedMean("confidence", MetricDirection.Rises)
        {
            protected override Tensor Values(Tensor output, Tensor target) => output.softmax(1).amax([1]);
        }
    }

    private ITransformer Save(ITransformer model)
    {
        ml.Model.SaveAtomically(model, Blobs.View(ml).Schema, ModelPath);
        return model;
    }

    private ITransformer Load() => new MLContext().Model.Load(ModelPath, out _);

    private string[] Expected(ITransformer model) => [.. ScoreText.Of(model.Transform(Blobs.View(ml, rows: 20, seed: 3)))];

    private static string Described(DataViewSchema.Column column) =>
        $"{column.Name} {column.Type} [{string.Join(", ", column.Annotations.Schema.Select(annotation => $"{annotation.Name} {annotation.Type}"))}]";
}
